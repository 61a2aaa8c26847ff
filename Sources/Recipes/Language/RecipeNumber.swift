/// How a recipe reads and writes numbers.
///
/// YAML's readers disagree about numbers: `5e-3` is text to PyYAML, `010` is eight to some and ten to
/// others, `1:30` is ninety in YAML 1.1. Here all decimal notations are numbers (`5e-3`, `.5`,
/// `1_000`), and what could be something else is refused, as are `.nan` and `.inf`.
package enum RecipeNumber {
  /// The number, or nil if the text is not a finite decimal number.
  static func decimal(_ text: String) -> Double? {
    let notation = /[+-]?(?:0|[1-9][0-9_]*)?(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?/
    guard text.wholeMatch(of: notation) != nil, let number = Double(text.filter { $0 != "_" }),
      number.isFinite
    else { return nil }
    return number + 0  // −0 becomes 0, which is written otherwise
  }

  /// The whole number; `128.0` and `1e3` are whole.
  static func integer(_ text: String) -> Int? {
    guard let number = decimal(text) else { return nil }
    return Int(text.filter { $0 != "_" }) ?? Int(exactly: number)
  }

  /// The shortest decimal that reads as the same number again, in a form that is a number to
  /// YAML 1.1 also (`1.0e-05`, not `1e-05`).
  package static func text(_ number: Double) -> String {
    let shortest = number.description
    guard !shortest.contains("."), let exponent = shortest.firstIndex(of: "e") else {
      return shortest
    }
    return shortest[..<exponent] + ".0" + shortest[exponent...]
  }

  /// The hundredth part of a number, rounded once: 12.3 of a hundred is 0.123.
  static func percentage(_ text: String) -> Double? {
    guard decimal(text) != nil else { return nil }
    let parts = text.filter { $0 != "_" }.lowercased().split(separator: "e")
    // Of a smaller one, nothing is left.
    guard let exponent = parts.count > 1 ? Int(parts[1]) : 0, exponent > -1000 else { return 0 }
    return decimal("\(parts[0])e\(exponent - 2)")
  }

  /// What `percentage` reads as the same number again: `12.3%`.
  static func percent(_ share: Double) -> String {
    let parts = share.description.split(separator: "e")
    if parts.count > 1 { return "\(parts[0])e\((Int(parts[1]) ?? 0) + 2)%" }
    // The point moves by two digits.
    let halves = parts[0].split(separator: ".")
    let fraction = String(halves[1]) + (halves[1].count < 2 ? "0" : "")
    let whole = (halves[0] + fraction.prefix(2)).drop { $0 == "0" }
    let rest = fraction.dropFirst(2)
    return (whole.isEmpty ? "0" : whole) + (rest.isEmpty ? "" : ".\(rest)") + "%"
  }

  static func range(_ range: ClosedRange<Double>) -> String {
    "\(text(range.lowerBound)) to \(text(range.upperBound))"
  }
}
