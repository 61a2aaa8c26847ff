import Files

/// Why a cross-validation can't begin, go on or be used.
package enum CrossvalError: UnusableInput, Equatable, CustomStringConvertible {
  /// The folder holds a training.
  case isRun(String)
  /// The folder holds one already.
  case exists(String)
  case recipeChanged(path: String, [String], isMember: Bool)
  case dataChanged(path: String)
  case foldsChanged(path: String, was: Int, is: Int)
  /// A member of a set isn't there.
  case memberGone(String, of: String)
  case tooManyTeams(Int, ranks: Int)
  /// Another host doesn't see the folder.
  case notShared(path: String)
  case damaged(String, remedy: String)
  /// The first weights come from a training on photos that folds hold out.
  case weightsHaveSeen(String)
  /// A fold has gone further than it would now.
  case fewerSteps(String, taken: Int, wanted: Int)
  /// All teams were done, but not all folds are.
  case resultsMissing([String])
  /// The folder holds a cross-validation by itself, and several are asked for.
  case isAlone(String)
  /// Two members, and what they have of their own that they must share.
  case membersDiffer(String, String, String)
  /// The photos of a fold's predictions are others.
  case otherPhotos(String)

  package var description: String {
    switch self {
    case .isRun(let path):
      "\(path) is a run of tutti train, not a cross-validation; name another folder with --run"
    case .exists(let path):
      "\(path) exists already; name another folder with --run, or go on with --resume auto"
    case .recipeChanged(let path, let keys, let isMember):
      "\(path) was begun with another recipe, and these keys affect results: "
        + keys.joined(separator: ", ") + "; set them back, or "
        + (isMember
          ? "give the recipe's file another name, so that it becomes one more member"
          : "begin anew with another --run")
    case .foldsChanged(let path, let was, let now):
      "\(path) was begun with \(was) folds, and crossval.folds is \(now); set it back (--folds \(was)), or begin anew with "
        + "another --run"
    case .memberGone(let name, let path):
      "\(name), a member of \(path), isn't there; put \(Paths.shellQuoted("\(path)/members/\(name)")) back"
    case .dataChanged(let path):
      "the photos are not those that \(path) was begun with (names, sizes, folders or folds differ); "
        + "put them back, or begin anew with another --run"
    case .tooManyTeams(let teams, let ranks):
      "--parallel-folds \(teams): there are \(ranks) rank\(ranks == 1 ? "" : "s"), and each fold needs "
        + "one at least; start more with mpirun -n, or take fewer"
    case .notShared(let path):
      "\(path) isn't on storage that this host shares with rank 0's, and folds side by side on several "
        + "hosts need that; put --run there, or go on with --parallel-folds 1 --resume auto"
    case .damaged(let path, let remedy):
      "\(path) is damaged; \(remedy), and go on with --resume auto"
    case .weightsHaveSeen(let path):
      "model.weights \(path) was trained on these photos, so it has seen what the folds hold out; take "
        + "weights of other photos, or none"
    case .fewerSteps(let path, let taken, let wanted):
      "\(path) has taken \(taken) steps, and the recipe now ends at \(wanted); raise training.max-steps "
        + "again, or begin anew with another --run"
    case .resultsMissing(let paths):
      "all teams are done, but rank 0 finds no result.json in \(paths.joined(separator: ", ")); is --run on "
        + "storage that all hosts share? Go on with --resume auto"
    case .isAlone(let path):
      "\(path) holds one cross-validation, and others can only be added to a folder that was begun with several "
        + "recipes, or with --seeds or --repeats; name another folder with --run"
    case .membersDiffer(let one, let other, let what):
      "\(one) and \(other) have other \(what), and an ensemble is of models of the same photos in the same folds; "
        + "set the same for both with --set, or cross-validate them apart"
    case .otherPhotos(let path):
      "\(path) is not of this fold's photos; \(Self.predictAgain), and go on with --resume auto"
    }
  }

  static let predictAgain = "remove result.json of this fold to have it predicted again"
}
