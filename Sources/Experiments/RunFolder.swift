package import Checkpoints
import FoundationEssentials
import Glibc

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

  /// The first of `runs/NAME-1`, `runs/NAME-2`, … that isn't there.
  package static func next(named name: String) -> RunFolder {
    var number = 1
    while RunFolder(path: "runs/\(name)-\(number)").exists { number += 1 }
    return RunFolder(path: "runs/\(name)-\(number)")
  }

  /// Makes the folder with the recipe in it; one that is there already must be empty.
  ///
  /// - Throws: `RunError.exists`, `FileError`.
  package func create(_ recipe: Recipe) throws {
    if let names = try? FileManager.default.contentsOfDirectory(atPath: path), !names.isEmpty {
      throw RunError.exists(path)
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunError.notWritable(path, reason: "\(error)")
    }
    try FileWriting.replace(self.recipe, with: Array(recipe.resolved.utf8))
  }
}

/// Why a run's folder or a model can't be used.
package enum RunError: Error, Equatable, CustomStringConvertible {
  case exists(String)
  case notWritable(String, reason: String)
  /// The recipe on resuming differs in keys that affect results.
  case recipeChanged(path: String, [String])
  case dataChanged(path: String)
  /// All checkpoints were rejected.
  case noGoodCheckpoint(path: String, [String])
  case noModel(String)
  case classes(model: [String], data: [String], path: String)
  case emptySplit(String)

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another folder with --run, or go on with --resume auto"
    case .notWritable(let path, let reason):
      "\(path) can't be made: \(reason)"
    case .recipeChanged(let path, let keys):
      "\(path) was begun with another recipe, and these keys affect results: "
        + keys.joined(separator: ", ") + "; set them back, or start a new run with another --run"
    case .dataChanged(let path):
      "the photos are not those that \(path) was begun with (names, sizes or folders differ); put "
        + "them back, or start a new run with another --run"
    case .noGoodCheckpoint(let path, let reasons):
      "\(path) has no checkpoint that can be used: " + reasons.joined(separator: "; ")
        + "; restore one, or start a new run with another --run"
    case .noModel(let path):
      "\(path) is neither a run's folder nor a checkpoint (a folder with state.json in it)"
    case .classes(let model, let data, let path):
      "the model knows the classes \(model.joined(separator: ", ")), but \(path) has "
        + data.joined(separator: ", ") + "; give photos of the same classes with --data"
    case .emptySplit(let split):
      "there are no \(split) photos; choose another --split, or give the recipe a share for them "
        + "(data.\(split))"
    }
  }
}
