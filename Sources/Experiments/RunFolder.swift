package import Checkpoints
import FoundationEssentials
import Glibc

/// A run's folder: `recipe.yaml`, `environment.json`, `metrics.jsonl`, `checkpoints/` and perhaps
/// `fork.json`. Only rank 0 touches it.
package struct RunFolder: Sendable {
  package let path: String

  package init(path: String) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  package var recipe: String { "\(path)/recipe.yaml" }
  package var metrics: String { "\(path)/metrics.jsonl" }
  package var environment: String { "\(path)/environment.json" }
  package var fork: String { "\(path)/fork.json" }
  package var checkpoints: CheckpointStore { CheckpointStore(folder: "\(path)/checkpoints") }

  package var exists: Bool { access(path, F_OK) == 0 }
  /// Whether a run was begun here.
  package var holdsRun: Bool { access(recipe, F_OK) == 0 }

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

  /// Makes the folder; one that is there already must be empty.
  ///
  /// - Throws: `RunError.exists`, `RunError.notWritable`.
  func make() throws {
    if let names = try? FileManager.default.contentsOfDirectory(atPath: path), !names.isEmpty {
      throw RunError.exists(path)
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunError.notWritable(path, reason: "\(error)")
    }
  }

  /// Writes `recipe.yaml`, which makes the folder a run's. Throws `FileError`.
  func write(_ recipe: Recipe) throws {
    try FileWriting.replace(self.recipe, with: Array(recipe.resolved.utf8))
  }
}

extension Recipe {
  /// The recipe of a run's folder, or of a file.
  package init(ofFileOrRun path: String) throws(RecipeError) {
    let folder = RunFolder(path: path)
    try self.init(path: folder.holdsRun ? folder.recipe : path)
  }
}

/// Why a run's folder or a model can't be used.
package enum RunError: Error, Equatable, CustomStringConvertible {
  case exists(String)
  case notWritable(String, reason: String)
  /// The recipe on resuming differs in keys that affect results.
  case recipeChanged(path: String, [String])
  case dataChanged(path: String)
  /// The steps would be others, and none of them is taken yet.
  case forkInFirstEpoch(path: String)
  case forkAtTheEnd(path: String, epochs: Int)
  /// All checkpoints were rejected, or there is none to fork from.
  case noGoodCheckpoint(path: String, [String])
  /// A run that is there already can't become a fork.
  case notAFork(path: String, origin: String)
  case noFolder(String)
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
        + keys.joined(separator: ", ") + "; set them back, or add --fork NEW for a new run that "
        + "goes on from here with the new recipe"
    case .dataChanged(let path):
      "the photos are not those that \(path) was begun with (names, sizes or folders differ); put "
        + "them back, or add --fork NEW for a new run that goes on from here with these photos"
    case .forkInFirstEpoch(let path):
      "\(path) has not finished its first epoch, and the new recipe gives that epoch other steps, so "
        + "there is nothing to go on from; start a new run with another --run"
    case .forkAtTheEnd(let path, let epochs):
      "\(path) is at the end of epoch \(epochs), and the new recipe has no more; set training.epochs "
        + "to more than \(epochs)"
    case .noGoodCheckpoint(let path, let reasons):
      "\(path) has no checkpoint that can be used: "
        + (reasons.isEmpty ? "none was written yet" : reasons.joined(separator: "; "))
        + "; restore one, or start a new run with another --run"
    case .notAFork(let path, let origin):
      "\(path) exists already and was not forked from \(origin); name another folder with --fork"
    case .noFolder(let path):
      "\(path) is no folder that can be listed; name the one that runs are in"
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
