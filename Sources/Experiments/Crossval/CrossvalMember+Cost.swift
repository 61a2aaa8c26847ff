import DataParallel
import MPI
import Recipes

extension CrossvalMember {
  /// Measures what a fold of each recipe takes, so that the longest are trained first: the short ones fill what is left at
  /// the end. Recipes that differ in seeds alone take the same. Collective over the world; throws on all ranks if on one.
  static func measure(_ members: inout [CrossvalMember], teams: Int?, world: World) throws {
    let pending = members.filter { !$0.pending.isEmpty }
    let kinds = try world.communicator.agree {
      try members.map {
        try $0.checked.experiment.recipe.with(["training.seed=0", "crossval.seed=0"]).resultText
      }
    }
    guard Set(zip(members, kinds).filter { !$0.0.pending.isEmpty }.map(\.1)).count > 1 else {
      return
    }
    var known: [String: Double] = [:]
    for index in members.indices where !members[index].pending.isEmpty {
      let seconds =
        try known[kinds[index]]
        ?? members[index].checked.crossvalTrial(
          pending: pending.reduce(0) { $0 + $1.pending.count }, teams: teams, world: world
        ).fold.seconds
      known[kinds[index]] = seconds
      members[index].cost = seconds
    }
  }
}
