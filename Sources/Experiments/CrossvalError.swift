/// Why a cross-validation can't begin, go on or be used.
package enum CrossvalError: Error, Equatable, CustomStringConvertible {
  /// The folder holds one already, or a run.
  case exists(String)
  case recipeChanged(path: String, [String])
  case dataChanged(path: String)
  case tooManyTeams(Int, ranks: Int)
  /// Another host doesn't see the folder.
  case notShared(path: String)
  case damaged(String)
  /// The photos of a fold's predictions are others.
  case otherPhotos(String)

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another folder with --run, or go on with --resume auto"
    case .recipeChanged(let path, let keys):
      "\(path) was begun with another recipe, and these keys affect results: "
        + keys.joined(separator: ", ") + "; set them back, or begin anew with another --run"
    case .dataChanged(let path):
      "the photos are not those that \(path) was begun with (names, sizes, folders or folds differ); "
        + "put them back, or begin anew with another --run"
    case .tooManyTeams(let teams, let ranks):
      "--parallel-folds \(teams): there are \(ranks) rank\(ranks == 1 ? "" : "s"), and each fold needs "
        + "one at least; start more with mpirun -n, or take fewer"
    case .notShared(let path):
      "\(path) can't be seen here; folds that are trained side by side on several hosts need a --run "
        + "folder that all hosts share; without one take --parallel-folds 1"
    case .damaged(let path):
      "\(path) is damaged; restore it, or remove its folder to have that part done again"
    case .otherPhotos(let path):
      "\(path) is not of this fold's photos; remove its folder and go on with --resume auto"
    }
  }
}
