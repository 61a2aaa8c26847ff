import Evaluation
package import Runs

/// What a search came to, as text for people.
package enum TuneText {
  private static let mostTrials = 12

  /// The best trials, those that came furthest first.
  ///
  ///     trial  optimizer.learning-rate  epochs  macro F1  state
  ///     12     0.001234                     27     0.912  finished
  ///     0      0.001                        27     0.904  finished
  ///     …
  package static func trials(_ result: TuneResult) -> String {
    let metric = result.metric
    let sorted = result.trials.filter { $0.state != .failed }.sorted { a, b in
      let (one, other) = (a.value ?? .nan, b.value ?? .nan)
      if a.epochs != b.epochs { return a.epochs > b.epochs }
      return metric.prefers(one, to: other) || !metric.prefers(other, to: one) && a.trial < b.trial
    }
    let rows = sorted.prefix(mostTrials).map { trial in
      ["\(trial.trial)"] + trial.values.map { $0.isEmpty ? "–" : $0 } + [
        "\(trial.epochs)", metric.text(trial.value ?? .nan), trial.state.rawValue,
      ]
    }
    let last = result.keys.count + 3
    let failed = result.trials.count { $0.state == .failed }
    let rest = result.trials.count - rows.count - failed
    return TextTable.aligned(
      [["trial"] + result.keys + ["epochs", metric.title, "state"]] + rows,
      textColumns: Set(0...(result.keys.count)).union([last]))
      + (rest > 0 ? "and \(rest) more\n" : "") + (failed > 0 ? "\(failed) failed\n" : "")
  }

  /// How much each key seems to matter.
  package static func importance(_ result: TuneResult) -> String {
    TextTable.aligned(
      [["key", "explains"]]
        + result.importance.sorted { ($0.share ?? -1) > ($1.share ?? -1) }.map {
          [$0.key, $0.share.map(NumberText.percent) ?? "too few trials"]
        })
  }

  /// How the winner was chosen, and what its score is therefore worth.
  package static func selection(_ result: TuneResult) -> String {
    let metric = result.metric
    let best = result.winner
    return
      "trial \(best.trial)\(best.trial == 0 ? ", the recipe as it is" : ""), after \(best.epochs) epochs: "
      + "\(metric.title) \(metric.text(best.value ?? .nan)) on the validation photos, chosen as the best of "
      + "\(result.trials.count): too good"
  }

  /// The same on photos that the search never saw.
  package static func test(_ result: TuneResult) -> [String] {
    let (metric, test) = (result.metric, result.test)
    let photos = "\(NumberText.grouped(test.photos)) test photos that the search never saw"
    let score = "\(metric.title) \(metric.text(test.winner[metric]))"
    guard result.winner.trial > 0 else {
      return ["\(score) on \(photos); no change of the recipe was better"]
    }
    var lines = [
      "\(score) on \(photos), and the recipe as it is \(metric.text(test.recipe[metric]))"
    ]
    let whole = result.trials.first { $0.trial == 0 }?.epochs ?? 0
    if whole < result.winner.epochs {
      lines.append(
        "but the recipe as it is has had \(whole) epochs and the winner \(result.winner.epochs): let the search come to "
          + "its end before you compare them")
    }
    guard let paired = test.paired else { return lines }
    if let difference = paired[metric] {
      let range = DifferenceText.range(difference.interval, digits: metric.digits)
      lines.append(
        "\(DifferenceText.signed(difference.difference, digits: metric.digits)) (95 %: \(range)): "
          + (difference.isReal ? "more than chance" : "not resolved, it may be chance"))
    }
    lines.append(
      "\(paired.mcNemar.secondAlone) photos are right by the winner alone, \(paired.mcNemar.firstAlone) by the recipe "
        + "as it is alone: McNemar's p is \(NumberText.short(paired.mcNemar.p))")
    return lines
  }
}
