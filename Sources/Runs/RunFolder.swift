package import Checkpoints
import Files
import FoundationEssentials
import Glibc
package import Recipes

/// A run's folder: `recipe.yaml`, `environment.json`, `metrics.jsonl`, `checkpoints/` and perhaps
/// `fork.json`. Only the first rank of those that train it touches it.
package struct RunFolder: Sendable {
  package let path: String

  package init(path: String) {
    self.path = Paths.withoutTrailingSlashes(path)
  }

  package var recipe: String { "\(path)/recipe.yaml" }
  package var metrics: String { "\(path)/metrics.jsonl" }
  package var environment: String { "\(path)/environment.json" }
  package var fork: String { "\(path)/fork.json" }
  /// A probe's.
  package var scores: String { "\(path)/scores.json" }
  /// Of a model that was made of others.
  package var origin: String { "\(path)/origin.json" }
  package var checkpoints: CheckpointStore { CheckpointStore(folder: "\(path)/checkpoints") }

  package var exists: Bool { Paths.exists(path) }
  /// Whether a run was begun here; a cross-validation is none, but holds some.
  package var holdsRun: Bool {
    Paths.exists(recipe) && !CrossvalFolder(path: path).exists
  }

  /// Whether what is here is a probe's model, which no training goes on from by its state.
  package var holdsProbe: Bool { holdsRun && Paths.exists(scores) }

  /// What is here, where it is a model that no training goes on from: `a probe`; nil for a training's run.
  ///
  /// - Throws: `RunError`, `FileError`.
  package func kindOfModel() throws -> String? {
    if holdsProbe { return "a probe" }
    return holdsRun ? try ModelOrigin(of: self)?.kind.noun : nil
  }

  /// The run's recipe. Throws `FileError`.
  package func savedRecipe() throws -> SavedRecipe { try SavedRecipe(file: recipe) }

  /// Makes the first of `runs/DATE-NAME-1`, `runs/DATE-NAME-2`, … that isn't there: who asks at the
  /// same moment gets the next. Throws `FileError`.
  ///
  /// - Parameter date: today's, e.g. `2026-03-01`.
  package static func claimNext(
    named name: String, date: String = localDate(), in runs: String = "runs"
  ) throws -> RunFolder {
    try FileWriting.makeFolder(runs)
    var number = 1
    while true {
      let folder = RunFolder(path: "\(runs)/\(date)-\(name)-\(number)")
      if mkdir(folder.path, 0o755) == 0 { return folder }
      guard errno == EEXIST else { throw FileError("made", folder.path) }
      number += 1
    }
  }

  /// Removes the folder if nothing came to be in it.
  package func giveBack() { rmdir(path) }

  /// Today's date in the machine's time zone: `2026-03-01`.
  package static func localDate() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%d", &parts)
    return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// While this file is there, and no recipe, what else is there is a beginning that didn't come to its
  /// end: not one of a run's files was there before it.
  private var beginning: String { "\(path)/.beginning" }

  /// Makes the folder, and takes it for this process to begin a run in. One that is there already must
  /// be empty, but for what a process left that was killed while it began one. Throws `RunError`,
  /// `FileError`.
  package func make() throws -> RunLock {
    try checkIsFree()
    try FileWriting.makeFolder(path)
    let lock = try RunLock(path)
    // Another process may have begun and ended between these.
    try checkIsFree()
    if Paths.exists(beginning) {
      for name in Self.namesOfBeginning {
        try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
      }
    }
    try FileWriting.removePartials(in: path)
    try FileWriting.replace(beginning, with: [])
    return lock
  }

  /// What a run, fork or probe may have written before its recipe.
  private static let namesOfBeginning = [
    "checkpoints", "predictions", "fork.json", "scores.json", "origin.json", "environment.json",
    "metrics.jsonl", "members", "base.yaml", "space.yaml",
  ]

  /// Throws `RunError` when something is here already.
  package func checkIsFree() throws {
    if CrossvalFolder.isAny(at: path) { throw RunError.isCrossval(path) }
    if holdsRun { throw RunError.exists(path) }
    guard Paths.exists(path) else { return }
    let ownNames = Paths.exists(beginning) ? Self.namesOfBeginning : []
    let others = try FileWriting.names(in: path).filter { name in
      !name.endsExactly(with: ".partial") && !ownNames.contains(name)
        && "\(path)/\(name)" != beginning && name != RunLock.name
    }
    if !others.isEmpty { throw RunError.notEmpty(path) }
  }

  /// Writes `recipe.yaml`, which makes the folder a run's. Throws `FileError`.
  package func write(_ recipe: Recipe) throws {
    try FileWriting.replace(self.recipe, with: Array(recipe.resolved.utf8))
    endBeginning()
  }

  /// To be called when the file is written that says what the folder is.
  func endBeginning() { unlink(beginning) }
}

extension Recipe {
  /// The recipe of a run's folder, or of a file.
  package init(ofFileOrRun path: String, overrides: [String] = []) throws(RecipeError) {
    let folder = RunFolder(path: path)
    try self.init(
      path: folder.holdsRun ? folder.recipe : path, overrides: overrides, isSaved: folder.holdsRun)
  }
}
