import DataParallel
import Experiments
import Files
import Planning
import Recipes
import Reporting

extension RecipePlan {
  /// Rows of the table.
  private static let rows = 10

  /// What was found, for people.
  func lines(of source: String, freeDisk: Int) -> [String] {
    let recipe = checked.experiment.recipe
    let runs = folds.map { "\($0) folds of " } ?? ""
    let here = Cores.usable
    return [
      "recipe    \(source): \(recipe.model.name), \(runs)\(NumberText.grouped(photos.train)) photos to train on and "
        + "\(NumberText.grouped(photos.validation)) to validate with",
      "cluster   \(cluster.hosts) host\(cluster.hosts == 1 ? "" : "s") of \(cluster.cores) core\(cluster.cores == 1 ? "" : "s")"
        + (cluster.cores > here
          ? "; what more than this machine's \(here) do is extrapolated" : ""),
    ] + table + reasons.map { "left out  \($0)" } + notes
  }

  private var table: [String] {
    let best = ranked.prefix(Self.rows)
    if best.isEmpty { return [] }
    let head = [
      "hosts", "ranks", "threads", "micro-batch", "time", "epochs", "sending", "a rank", "a host",
      "disk",
    ]
    let rows = best.map { one in
      let place = one.arrangement
      return [
        "\(place.hosts)", "\(place.ranksPerHost)", "\(place.threads)",
        "\(place.microBatch)\(isOwn(place) ? " " : "*")", DurationText.of(one.seconds),
        "\(one.epochs)", NumberText.fixed(100 * one.shareOfSending, 0) + " %",
        "\(ByteCount(one.rankMemoryBytes))", "\(ByteCount(one.hostMemoryBytes))",
        "\(ByteCount(one.diskBytes))",
      ]
    }
    var table = [head] + rows
    if folds != nil {
      for (index, text) in zip(table.indices, ["folds"] + best.map { "\($0.arrangement.teams)" }) {
        table[index].insert(text, at: 4)
      }
    }
    let more = ranked.count - best.count
    return TextTable.aligned(table, textColumns: []).pieces(at: "\n")
      + (more > 0 ? ["          \(more) more are slower; --json has them"] : [])
  }

  private var notes: [String] {
    var notes: [String] = []
    let best = ranked.prefix(Self.rows)
    if best.contains(where: { !isOwn($0.arrangement) }) {
      notes.append(
        "*         another micro-batch than the recipe's, or more photos a step: other results")
    }
    if best.contains(where: { $0.recomputed > 0 }) {
      notes.append("memory    some arrangements run blocks again in backward: training.recompute")
    }
    if !unmeasured.isEmpty {
      notes.append(
        "memory    this machine has too little to measure micro-batches of "
          + few(unmeasured.map(String.init), atMost: 3))
    }
    return notes
  }

  /// Why arrangements were left out.
  var reasons: [String] {
    let lost = predictions.filter { $0.obstacle != nil }
    func those(_ isMeant: (Prediction.Obstacle) -> Bool) -> [Prediction] {
      lost.filter { $0.obstacle.map(isMeant) ?? false }
    }
    var reasons: [String] = []
    let ranks = those { if case .ranks = $0 { true } else { false } }
    if !ranks.isEmpty {
      reasons.append(
        "\(ranks.count) with more ranks than there are micro-batches in a step: a larger "
          + "training.global-batch has more")
    }
    let memory = those { $0 == .memory }
    if let least = memory.min(by: { $0.hostMemoryBytes < $1.hostMemoryBytes }) {
      reasons.append(
        "\(memory.count) for memory: the least of them takes \(ByteCount(least.hostMemoryBytes)) of a host"
      )
    }
    let disk = those { $0 == .disk }
    if let least = disk.map(\.diskBytes).min() {
      reasons.append(
        "\(disk.count) for disk: checkpoints would take \(ByteCount(least)), which aren't free here; lower "
          + "checkpoint.keep")
    }
    let time = those { $0 == .time }
    if let least = time.map(\.seconds).min() {
      reasons.append(
        "\(time.count) for time: the fastest of them takes \(DurationText.of(least)) for an epoch")
    }
    return reasons
  }
}
