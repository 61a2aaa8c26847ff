import Files

/// A piece of HTML that is written as a text with values in it: texts and numbers come out as text, whatever is in them, and
/// pieces as they are.
///
///     let row: HTML = "<td>\(fileName)</td>"
package struct HTML: ExpressibleByStringInterpolation, Sendable {
  package private(set) var text: String

  package init(stringLiteral value: String) { text = value }
  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }
  /// Of pieces, one after the other.
  package init(_ pieces: some Sequence<HTML>, separator: HTML = "") {
    text = pieces.map(\.text).joined(separator: separator.text)
  }

  package static func + (a: HTML, b: HTML) -> HTML {
    var sum = a
    sum.text += b.text
    return sum
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
    package mutating func appendInterpolation(_ pieces: [HTML]) {
      for piece in pieces { text += piece.text }
    }
    package mutating func appendInterpolation(_ string: String) { text += HTML.escaped(string) }
    package mutating func appendInterpolation(_ number: some BinaryInteger) { text += "\(number)" }
    /// With all its digits.
    package mutating func appendInterpolation(exactly number: Double) { text += "\(number)" }
    /// Coordinates, to a tenth of a pixel.
    package mutating func appendInterpolation(_ number: Double) {
      let tenths = (number * 10).rounded() / 10
      text += tenths == tenths.rounded() && abs(tenths) < 1e9 ? "\(Int(tenths))" : "\(tenths)"
    }
  }

  /// A text with line breaks, for `pre`.
  package static func lines(_ text: String) -> HTML {
    HTML(text.pieces(at: "\n", keepingEmpty: true).map { "\($0)" as HTML }, separator: "\n")
  }

  /// As text in HTML, or in an attribute in double quotes. What turns the direction of text, or isn't to be seen, is
  /// shown as an escape.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.harmless(atMost: .max).unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
