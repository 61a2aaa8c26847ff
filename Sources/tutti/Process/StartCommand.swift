import Files
import Planning

/// The command line that starts a training in an arrangement.
struct StartCommand {
  private let arrangement: Arrangement
  private let folds: Int?
  private let cluster: Cluster
  private let timeLimit: TimeLimit?
  var options: [String]
  /// Of the recipe.
  var settings: [String]

  init(
    _ arrangement: Arrangement, folds: Int?, cluster: Cluster, options: [String],
    settings: [String], timeLimit: TimeLimit?
  ) {
    self.arrangement = arrangement
    self.folds = folds
    self.cluster = cluster
    self.options = options
    self.settings = settings
    self.timeLimit = timeLimit
  }

  var text: String {
    let hosts =
      cluster.hosts > 1
      ? ["--hostfile", "HOSTS", "--map-by", "ppr:\(arrangement.ranksPerHost):node"]
      : ["--oversubscribe"]
    let command = folds.map { folds in
      ["crossval", "--folds", "\(folds)", "--parallel-folds", "\(arrangement.teams)"]
    }
    let words =
      ["mpirun", "-n", "\(arrangement.ranks)"] + hosts + ["--bind-to", "none", "tutti"]
      + (command ?? ["train"]) + options + settings.flatMap { ["--set", $0] }
      + (timeLimit.map { ["--time-limit", $0.text] } ?? [])
    // `key=value` and `ppr:2:node` need no quotes.
    return words.map { Paths.quoted($0, plain: "=:@,+") }.joined(separator: " ")
  }
}
