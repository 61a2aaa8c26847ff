package import Checkpoints
import FoundationEssentials
import Glibc
import Interchange

/// A run's folder: `recipe.yaml`, `environment.json`, `metrics.jsonl` and `checkpoints/`. Only rank 0
/// touches it.
package struct RunFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var recipe: String { "\(path)/recipe.yaml" }
  package var metrics: String { "\(path)/metrics.jsonl" }
  package var environment: String { "\(path)/environment.json" }
  package var checkpoints: CheckpointStore { CheckpointStore(folder: "\(path)/checkpoints") }

  package var exists: Bool { access(path, F_OK) == 0 }
  /// Whether a run was begun here.
  package var holdsRun: Bool { access(recipe, F_OK) == 0 }

  /// The run's recipe, and where it was read. Throws `FileError`.
  package func savedRecipe() throws -> (text: String, path: String) {
    (String(decoding: try InputFile(path: recipe).bytes(), as: UTF8.self), recipe)
  }

  /// The first of `runs/NAME-1`, `runs/NAME-2`, … that isn't there.
  package static func next(named name: String) -> RunFolder {
    var number = 1
    while RunFolder(path: "runs/\(name)-\(number)").exists { number += 1 }
    return RunFolder(path: "runs/\(name)-\(number)")
  }

  /// Makes the folder with the recipe in it; one that is there already must be empty.
  ///
  /// - Throws: `RunError`, `FileError`.
  package func create(_ recipe: Recipe) throws {
    if let names = try? FileManager.default.contentsOfDirectory(atPath: path), !names.isEmpty {
      throw holdsRun ? RunError.exists(path) : RunError.notEmpty(path)
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunError.notWritable(path, reason: "\(error)")
    }
    try FileWriting.replace(self.recipe, with: Array(recipe.resolved.utf8))
  }
}
