import Files

/// `fork.json` in a run's folder: where the run came from, if it didn't begin with its first step.
package struct ForkOrigin: Codable, Equatable, Sendable {
  /// The folder of the other run, as it was named.
  package let run: String
  /// The other run's steps until then.
  package let step: Int
  /// The keys of the recipe that became others, with both values.
  package let changed: [String]

  package init(run: String, step: Int, changed: [String]) {
    self.run = run
    self.step = step
    self.changed = changed
  }

  /// Nil for a run that isn't a fork. Throws when the file can't be read.
  package init?(of folder: RunFolder) throws {
    guard Paths.exists(folder.fork) else { return nil }
    self = try JSONText.decode(from: InputFile(path: folder.fork).bytes(atMost: JSONText.longest))
  }

  package func write(to folder: RunFolder) throws {
    try FileWriting.replace(folder.fork, withJSON: self, indented: true)
  }
}
