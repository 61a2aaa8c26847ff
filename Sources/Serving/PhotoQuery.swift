import Files
import Inference
import NIOHTTP1

/// How a request's photos are to be asked about, by the query behind its path.
struct PhotoQuery: Sendable {
  let question: ReadyModel.Question
  /// Of a photo that is the whole body.
  let name: String

  private static let keys = ["heat_map", "name", "tta"]

  /// - Parameter query: what stands behind the question mark.
  init(_ query: String, viewNames: [String]) throws(Refusal) {
    var values: [String: String] = [:]
    for pair in query.pieces(at: "&") {
      let parts = pair.pieces(at: "=", keepingEmpty: true)
      let (key, value) = (
        Self.decoded(parts[0]), Self.decoded(parts.dropFirst().joined(separator: "="))
      )
      guard let key, let value else {
        throw Refusal(.badRequest, "`\(pair)`: % must be followed by two hexadecimal digits")
      }
      guard Self.keys.contains(key) else {
        throw Refusal(
          .badRequest,
          "there is no query parameter `\(key)`; there are \(Self.keys.joined(separator: ", "))")
      }
      values[key] = value
    }
    var wantsHeatMap = false
    switch values["heat_map"] {
    case nil, "0", "false": break
    case "1", "true": wantsHeatMap = true
    case .some(let value):
      throw Refusal(.badRequest, "heat_map is 1 or 0, not `\(value)`")
    }
    if let views = values["tta"], !viewNames.contains(views) {
      throw Refusal(
        .badRequest, "tta is one of \(viewNames.joined(separator: ", ")), not `\(views)`")
    }
    question = ReadyModel.Question(views: values["tta"], wantsHeatMap: wantsHeatMap)
    name = values["name"] ?? "photo"
  }

  /// With `%41` and `+` as what they stand for; nil where a percent sign stands for nothing.
  private static func decoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
          let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
