import Files

/// `fork.json` in a run's folder: where the run came from, if it didn't begin with its first step.
package struct ForkOrigin: Codable, Equatable, Sendable {
  /// The folder of the other run, as it was named.
  package let run: String
  /// Its absolute path then; nil in files of earlier versions.
  package let path: String?
  /// The other run's steps until then.
  package let step: Int
  /// The keys of the recipe that became others, with both values.
  package let changed: [String]

  package init(run: RunFolder, step: Int, changed: [String]) {
    self.run = run.path
    path = Paths.resolved(run.path)
    self.step = step
    self.changed = changed
  }

  /// Nil for a run that isn't a fork. Throws when the file can't be read.
  package init?(of folder: RunFolder) throws {
    guard Paths.exists(folder.fork) else { return nil }
    let bytes = try InputFile(path: folder.fork).bytes(atMost: Self.longest)
    guard let origin = try? JSONText.decode(Self.self, from: bytes), origin.step >= 0 else {
      throw RunError.damagedFork(folder.fork)
    }
    self = origin
  }

  /// Whether that is the folder that the run came from, however it is spelled now.
  package func isOf(_ folder: RunFolder) -> Bool {
    run.isExactly(folder.path)
      || (path ?? Paths.resolved(run)).isExactly(Paths.resolved(folder.path))
  }

  /// Bytes; each changed key has about a hundred.
  private static let longest = 1 << 20

  package func write(to folder: RunFolder) throws {
    try FileWriting.replace(folder.fork, withJSON: self, indented: true)
  }
}
