import FoundationEssentials

/// JSON as Tutti writes and reads it: sorted keys, slashes as they are, and a number that is none as
/// the text `nan`, `inf` or `-inf`.
package enum JSONText {
  /// Bytes that no document of a run's folder has.
  package static let longest = 1 << 26

  /// One line without its newline, or an indented document.
  ///
  /// - Parameter inSnakeCase: keys such as `stepMilliseconds` become `step_milliseconds`.
  package static func encode(
    _ value: some Encodable, indented: Bool = false, inSnakeCase: Bool = false
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if indented { encoder.outputFormatting.insert(.prettyPrinted) }
    if inSnakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  package static func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: some Sequence<UInt8>
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(bytes))
  }
}

extension FileWriting {
  /// Puts a document of one value, with a newline at its end, in the place of what was there.
  ///
  /// - Throws: `FileError`.
  package static func replace(
    _ path: String, withJSON value: some Encodable, indented: Bool = false
  ) throws {
    try replace(path, with: Array(JSONText.encode(value, indented: indented).utf8) + [10])
  }
}
