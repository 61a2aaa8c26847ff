import Files

/// `state.json`: the state with a SHA-256 of its own text in front, so that any changed byte of the
/// file is found.
///
///     {"digest": "64 hexadecimal digits", "state": {
///       …
///     }}
package enum StateFile {
  static let name = "state.json"
  private static let head = "{\"digest\": \""
  private static let middle = "\", \"state\": "
  private static let tail = "}\n"

  package static func encode(_ state: TrainingState) throws -> [UInt8] {
    sealed(Array(try JSONText.encode(state, indented: true).utf8))
  }

  /// Nothing when a byte differs from what was written.
  package static func decode(_ bytes: [UInt8]) throws -> TrainingState? {
    let start = sealed([]).count - tail.utf8.count
    guard bytes.count > start + tail.utf8.count else { return nil }
    let text = Array(bytes[start...].dropLast(tail.utf8.count))
    guard sealed(text) == bytes else { return nil }
    var state = try JSONText.decode(TrainingState.self, from: text)
    // Where an earlier version kept it beside the rules, it comes to be among them.
    state.best = state.best
    return state
  }

  /// The whole file around the state's text.
  private static func sealed(_ text: [UInt8]) -> [UInt8] {
    Array((head + Digest.hex(of: text) + middle).utf8) + text + Array(tail.utf8)
  }
}
