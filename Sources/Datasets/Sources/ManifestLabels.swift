import Files

/// The labels of a manifest, and which of them were hardly meant. It costs as much as there are lines,
/// whatever the number of classes.
struct ManifestLabels {
  private let counts: [ExactText: Int]
  /// In the order of bytes.
  private let names: [String]

  init(_ rows: [ManifestRow]) {
    var counts: [ExactText: Int] = [:]
    for label in rows.lazy.flatMap(\.labels) { counts[ExactText(label), default: 0] += 1 }
    self.counts = counts
    names = counts.keys.sorted().map(\.text)
  }

  var classes: Int { names.count }

  /// The only class, if there is just one.
  var only: String? { names.count == 1 ? names[0] : nil }

  /// How many photos have the label.
  func count(_ label: String) -> Int { counts[ExactText(label)] ?? 0 }

  /// Labels that are probably typos, with what was meant: rare ones that differ from a frequent one in
  /// case or spaces alone, or that occur once and are near to one that occurs at least ten times.
  /// Digits are never typos: "class 1" and "class 2" are two classes.
  func typos() -> [ExactText: String] {
    var typos: [ExactText: String] = [:]
    let frequent = names.filter { count($0) >= 10 }
    // Longer ones are near to none.
    let single = names.filter { count($0) == 1 && $0.utf8.count <= longestWord }
    // Where many labels occur once, that is how the photos are, and no typo.
    if Self.bytes(of: single) * Self.bytes(of: frequent) <= Self.mostComparisons {
      let candidates = Dictionary(grouping: frequent, by: Self.digits)
      for label in single {
        typos[ExactText(label)] = nearestName(
          to: label, among: candidates[Self.digits(label)] ?? [])
      }
    }
    for alike in Dictionary(grouping: names, by: Self.letters).values where alike.count > 1 {
      // Of equals the first.
      let meant = alike.reduce(alike[0]) { count($1) > count($0) ? $1 : $0 }
      for label in alike where count(label) * 5 <= count(meant) { typos[ExactText(label)] = meant }
    }
    return typos
  }

  /// Of a letter with a letter: a second's worth.
  private static let mostComparisons = 10_000_000

  /// Of those that are compared.
  private static func bytes(of labels: [String]) -> Int {
    labels.reduce(0) { $0 + min($1.utf8.count, longestWord) }
  }

  /// What makes a label, without case and white space; by scalars, as `LookAlikes`.
  private static func letters(_ label: String) -> String {
    String(
      String.UnicodeScalarView(
        label.lowercased().unicodeScalars.filter { !$0.properties.isWhitespace }))
  }

  private static func digits(_ label: String) -> String { label.filter(\.isNumber) }
}
