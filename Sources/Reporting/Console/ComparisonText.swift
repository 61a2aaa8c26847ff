package import Diagnosis
import Evaluation
import Files

/// A comparison of two runs as text for people.
package enum ComparisonText {
  /// What differs, a table of scores with the differences' intervals, the classes that changed most, and what that says.
  package static func text(_ comparison: RunComparison) -> String {
    let it = comparison
    let parts = [
      "A is \(it.first)\nB is \(it.second)\n", settings(it), TextTable.aligned(scores(it)),
      classes(it), verdict(it) + "\n",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func settings(_ it: RunComparison) -> String {
    if it.settings.isEmpty { return "no key of the recipe differs\n" }
    return TextTable.aligned(
      [["key", "A", "B"]] + it.settings.map { [$0.key, $0.first, $0.second] },
      textColumns: [0, 1, 2])
  }

  private static func scores(_ it: RunComparison) -> [[String]] {
    func row(_ name: String, _ score: ScoreDifference?) -> [[String]] {
      score.map { [[name] + DifferenceText.cells($0)] } ?? []
    }
    func row(_ name: String, _ pair: RunComparison.Pair, _ text: (Double) -> String) -> [[String]] {
      if pair.first == nil, pair.second == nil { return [] }
      return [[name, pair.first.map(text) ?? "–", pair.second.map(text) ?? "–", "", ""]]
    }
    return [["", "A", "B", "B − A", "95 %"]]
      + row("accuracy", it.accuracy) + row("macro F1", it.macroF1)
      + row("loss", it.loss) { NumberText.fixed($0, 3) }
      + row("images/s", it.imagesPerSecond) { NumberText.fixed($0, 1) }
      + row("resident memory", it.residentBytes) { "\(ByteCount(Int(min($0, 1e15))))" }
      + row("hours", it.hours) { NumberText.fixed($0, 2) }
  }

  /// Classes whose F1 changed by less aren't told.
  private static let leastGain = 0.02
  private static let mostClasses = 10

  private static func classes(_ it: RunComparison) -> String {
    let changed = it.classes.filter { abs($0.gain) >= leastGain }.prefix(mostClasses)
    if changed.isEmpty { return "" }
    return TextTable.aligned(
      [["F1 of", "A", "B", "B − A", "photos"]]
        + changed.map {
          [
            $0.name, NumberText.fixed($0.first, 3), NumberText.fixed($0.second, 3),
            DifferenceText.signed($0.gain),
            "\($0.photos)",
          ]
        })
  }

  private static func verdict(_ it: RunComparison) -> String {
    let photos =
      NumberText.grouped(it.photos[0])
      + (it.areOtherPhotos ? " and \(NumberText.grouped(it.photos[1]))" : "")
    let metric = it.decidedBy == Metric.accuracy.key ? "accuracy" : "macro F1"
    let sentence =
      switch it.verdict {
      case .secondIsBetter: "B is better by more than chance, in \(metric) by \(photos) photos"
      case .firstIsBetter: "A is better by more than chance, in \(metric) by \(photos) photos"
      case .notApart: "they can't be told apart with \(photos) photos, in \(metric)"
      case .notComparable:
        "their scores can't be compared: classes differ, photos have several labels, or there are no scores"
      }
    if let test = it.mcNemar {
      return sentence
        + "; the same photos were compared one by one: \(test.firstAlone) are right in A alone, \(test.secondAlone) in B alone "
        + "(McNemar's p \(NumberText.short(test.p)))"
    }
    if it.verdict == .notComparable { return sentence }
    if it.areOtherPhotos {
      return sentence + ", which are other ones for each: part of the difference may be theirs"
    }
    return sentence
      + "\nphoto by photo they tell more: tutti evaluate --model RUN --split validation --csv RUN/validation.csv"
  }
}
