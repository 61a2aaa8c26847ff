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
  package var checkpoints: CheckpointStore { CheckpointStore(folder: "\(path)/checkpoints") }

  package var exists: Bool { Paths.exists(path) }
  /// Whether a run was begun here; a cross-validation is none, but holds some.
  package var holdsRun: Bool {
    Paths.exists(recipe) && !CrossvalFolder(path: path).exists
  }

  /// Whether what is here is a probe's model, which no training goes on from by its state.
  package var holdsProbe: Bool { holdsRun && Paths.exists(scores) }

  /// The run's recipe. Throws `FileError`.
  package func savedRecipe() throws -> SavedRecipe { try SavedRecipe(file: recipe) }

  /// The first of `runs/DATE-NAME-1`, `runs/DATE-NAME-2`, … that isn't there.
  ///
  /// - Parameter date: today's, e.g. `2026-03-01`.
  package static func next(
    named name: String, date: String = localDate(), in runs: String = "runs"
  ) -> RunFolder {
    var number = 1
    while RunFolder(path: "\(runs)/\(date)-\(name)-\(number)").exists { number += 1 }
    return RunFolder(path: "\(runs)/\(date)-\(name)-\(number)")
  }

  /// Today's date in the machine's time zone: `2026-03-01`.
  package static func localDate() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%d", &parts)
    return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Makes the folder; one that is there already must be empty, but for a recipe that was being
  /// written when the process was killed. Throws `RunError`.
  package func make() throws {
    if let names = try? FileManager.default.contentsOfDirectory(atPath: path),
      names.contains(where: { !$0.hasSuffix(".partial") })
    {
      if CrossvalFolder(path: path).exists { throw RunError.isCrossval(path) }
      throw holdsRun ? RunError.exists(path) : RunError.notEmpty(path)
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunError.notWritable(path, reason: "\(error)")
    }
  }

  /// Writes `recipe.yaml`, which makes the folder a run's. Throws `FileError`.
  package func write(_ recipe: Recipe) throws {
    try FileWriting.replace(self.recipe, with: Array(recipe.resolved.utf8))
  }
}

extension Recipe {
  /// The recipe of a run's folder, or of a file.
  package init(ofFileOrRun path: String) throws(RecipeError) {
    let folder = RunFolder(path: path)
    try self.init(path: folder.holdsRun ? folder.recipe : path, isSaved: folder.holdsRun)
  }
}
