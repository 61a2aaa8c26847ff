import Files

/// `state.json`: the state with a SHA-256 of its own text in front, so that any changed byte of the
/// file is found.
///
///     {"digest": "64 hexadecimal digits", "state": {
///       …
///     }}
package enum StateFile {
  package static let name = "state.json"
  /// Bytes: ten thousand classes and ten thousand frozen parameters take a megabyte.
  package static let longest = 1 << 24
  private static let head = "{\"digest\": \""
  private static let middle = "\", \"state\": "
  private static let tail = "}\n"

  package static func encode(_ state: TrainingState) throws -> [UInt8] {
    sealed(Array(try JSONText.encode(state, indented: true).utf8))
  }

  /// Reads a file. Nothing when a byte differs from what was written.
  ///
  /// - Throws: `FileError`, `OverlongFile`, `StateError`.
  package static func read(_ path: String) throws -> TrainingState? {
    try decode(InputFile(path: path).bytes(atMost: longest))
  }

  /// Nothing when a byte differs from what was written. Throws when the digest is right, yet no
  /// training wrote that: anybody can compute a digest.
  package static func decode(_ bytes: [UInt8]) throws(StateError) -> TrainingState? {
    let start = sealed([]).count - tail.utf8.count
    guard bytes.count > start + tail.utf8.count else { return nil }
    let text = Array(bytes[start...].dropLast(tail.utf8.count))
    guard sealed(text) == bytes else { return nil }
    guard var state = try? JSONText.decode(TrainingState.self, from: text) else { throw .form }
    try state.check()
    // Where an earlier version kept it beside the rules, it comes to be among them.
    state.best = state.best
    return state
  }

  /// The whole file around the state's text.
  private static func sealed(_ text: [UInt8]) -> [UInt8] {
    Array((head + Digest.hex(of: text) + middle).utf8) + text + Array(tail.utf8)
  }
}

/// Why what `state.json` says can't be a training's, though its digest is right.
package enum StateError: UnusableInput, Equatable, CustomStringConvertible {
  /// A key is missing, or a value is of another kind.
  case form
  case count(key: String, value: Double)
  /// Not the name of a file in the checkpoint's folder.
  case fileName(String)

  package var description: String {
    switch self {
    case .form: "it has not the keys of a training's state"
    case .count(let key, let value): "its \(key) is \(value), which no training counts to"
    case .fileName(let name): "\"\(name)\" is not the name of a checkpoint's file"
    }
  }
}

extension TrainingState {
  /// More than any training counts to, and exact as a JSON number.
  private static let most = 1 << 53

  /// Throws where a number would end the process later on, as an index or a product.
  fileprivate func check() throws(StateError) {
    func check(_ key: String, _ value: Int, atMost limit: Int = Self.most) throws(StateError) {
      guard (0...limit).contains(value) else { throw .count(key: key, value: Double(value)) }
    }
    try check("step", step)
    try check("epoch", epoch)
    try check("step_in_epoch", stepInEpoch)
    try check("samples_seen", samplesSeen)
    try check("optimizer_steps", optimizerSteps)
    for (name, missed) in missedUpdates.sorted(by: { $0.key < $1.key }) {
      try check("missed_updates of \(name)", missed, atMost: optimizerSteps)
    }
    if let step = rules["best"]?["step"] {
      guard let step = Int(exactly: step) else { throw .count(key: "best step", value: step) }
      try check("best step", step)
    }
    if let step = formerBest?.step { try check("best step", step) }
    for name in files.keys.sorted() where name.pieces(at: "/", keepingEmpty: true) != [name] {
      throw .fileName(name)
    }
  }
}
