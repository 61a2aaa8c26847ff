import Files

/// What came of a trial of a search so far: `trials/trial-007.json`.
package struct TrialRecord: Codable, Equatable, Sendable {
  /// The trial as it was at a rung.
  package struct Rung: Codable, Equatable, Sendable {
    package let epochs: Int
    /// The best value of `training.select-by` on the validation photos until then.
    package let value: Double

    package init(epochs: Int, value: Double) {
      self.epochs = epochs
      self.value = value
    }
  }

  package let trial: Int
  /// By their numbers, from 0; those that it came to.
  package var rungs: [Rung] = []
  /// Why it went no further, where it couldn't.
  package var failure: String?

  package init(trial: Int) { self.trial = trial }

  /// Nil while there is none. Throws when the file can't be read.
  package init?(ofTrial trial: Int, in folder: TuneFolder) throws {
    let path = folder.record(ofTrial: trial)
    guard Paths.exists(path) else { return nil }
    guard let bytes = try? InputFile(path: path).bytes(atMost: JSONText.longest),
      let record = try? JSONText.decode(Self.self, from: bytes), record.trial == trial
    else { throw TuneError.damaged(path) }
    self = record
  }

  package func write(to folder: TuneFolder) throws {
    try FileWriting.makeFolder("\(folder.path)/trials")
    try FileWriting.replace(folder.record(ofTrial: trial), withJSON: self)
  }
}
