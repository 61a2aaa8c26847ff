/// Why a run's folder or a model can't be used.
package enum RunError: Error, Equatable, CustomStringConvertible {
  case exists(String)
  /// There are files and no run.
  case notEmpty(String)
  case notWritable(String, reason: String)
  /// The recipe on resuming differs in keys that affect results.
  case recipeChanged(path: String, [String])
  case dataChanged(path: String)
  /// `recipe.yaml` was edited.
  case recipeEdited(path: String)
  /// All checkpoints were rejected.
  case noGoodCheckpoint(path: String, [String])
  /// The newest checkpoint was rejected, and a model is not to be taken from an older one in silence.
  case damaged(path: String, [String])
  case noModel(String)
  case classes(model: [String], data: [String], path: String)
  case emptySplit(String)

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another folder with --run, or go on with --resume auto"
    case .notEmpty(let path):
      "\(path) has files in it but no run (no recipe.yaml); name another folder with --run"
    case .notWritable(let path, let reason):
      "\(path) can't be made: \(reason)"
    case .recipeChanged(let path, let keys):
      "\(path) was begun with another recipe, and these keys affect results: "
        + keys.joined(separator: ", ") + "; set them back, or start a new run with another --run"
    case .dataChanged(let path):
      "the photos are not those that \(path) was trained on (names, sizes or folders differ); put them "
        + "back; or train a new run with another --run, or evaluate other photos with --data"
    case .recipeEdited(let path):
      "\(path)/recipe.yaml was changed after the run's last checkpoint, in keys that affect results; "
        + "put it back, or start a new run with another --run"
    case .noGoodCheckpoint(let path, let reasons):
      "\(path) has no checkpoint that can be used: " + reasons.joined(separator: "; ")
        + "; restore one, or start a new run with another --run"
    case .damaged(let path, let reasons):
      "the newest checkpoint of \(path) can't be used: " + reasons.joined(separator: "; ")
        + "; name an older one, e.g. \(path)/checkpoints/step-…"
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
