import Glibc

/// Numbers for people.
package enum NumberText {
  /// With a comma at every thousand: `17,148`.
  package static func grouped(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// So many decimals: `0.912`, or `nan`.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    if value.isNaN { return "nan" }
    return withVaList([Int32(decimals), value]) { format("%.*f", $0) }
  }

  /// `loss 1.2345`, or `no loss`.
  package static func loss(_ loss: Double?) -> String {
    loss.map { "loss \(fixed($0, 4))" } ?? "no loss"
  }

  /// A share with one decimal: `51.3 %`.
  static func percent(_ share: Double) -> String { fixed(100 * share, 1) + " %" }

  /// Three significant digits, with an exponent where that is shorter: `4.8e-05`.
  package static func short(_ value: Double) -> String {
    withVaList([value]) { format("%.3g", $0) }
  }

  private static func format(_ format: String, _ arguments: CVaListPointer) -> String {
    var text = [CChar](repeating: 0, count: 512)
    let length = vsnprintf(&text, text.count, format, arguments)
    return String(
      decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
