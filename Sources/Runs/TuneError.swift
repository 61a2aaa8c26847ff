import Files

/// Why a search can't begin or go on.
package enum TuneError: UnusableInput, Equatable, CustomStringConvertible {
  case exists(String)
  case noSearch
  case recipeChanged(path: String, [String])
  case changed(path: String, [String])
  case fewerTrials(Int, begun: Int, path: String)
  case damaged(String)
  case notShared(String)
  case noPhotos(String, key: String)
  case stepsLimited(Int)
  case gridTooLarge(points: Int?, trials: Int)
  case tooManyTeams(Int, ranks: Int)

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another folder with --run, or go on with --resume auto"
    case .noSearch: "a new search needs --search FILE: which keys are to be tried?"
    case .recipeChanged(let path, let keys):
      "\(path) was begun with another recipe, and these keys affect results: "
        + keys.joined(separator: ", ") + "; set them back, or begin anew with another --run"
    case .changed(let path, let parts):
      "\(path) was begun otherwise: \(parts.joined(separator: ", ")) \(parts.count == 1 ? "is" : "are") not as then; "
        + "put it back, or begin anew with another --run"
    case .fewerTrials(let trials, let begun, let path):
      "\(path) was begun with \(begun) trials, and --trials \(trials) is fewer; a search can only grow"
    case .damaged(let path):
      "\(path) is damaged; restore it from a copy, or begin anew with another --run"
    case .notShared(let path):
      "\(path) isn't on storage that this host shares with rank 0's, and trials side by side on several hosts need "
        + "that; put --run there, or go on with --parallel-trials 1 --resume auto"
    case .noPhotos(let split, let key):
      split == "test"
        ? "there are no test photos, which the search doesn't see and the winner is scored on; set \(key)=0.1, or bring "
          + "a folder test/"
        : "there are no \(split) photos, which trials are scored on; set \(key)=0.1"
    case .stepsLimited(let steps):
      "training.max-steps is \(steps), and a search ends its trials by it; leave it out, and set training.epochs"
    case .gridTooLarge(let points, let trials):
      "the grid has \(points.map { "\($0)" } ?? "more points than can be counted,") and the recipe as it is comes besides, "
        + "but --trials is \(trials); raise it, lower --grid-points, or leave out a key"
    case .tooManyTeams(let teams, let ranks):
      "--parallel-trials \(teams): there are \(ranks) rank\(ranks == 1 ? "" : "s"), and each trial needs one at least; "
        + "start more with mpirun -n, or take fewer"
    }
  }
}
