package import Diagnosis
import Evaluation

/// A comparison of what two models say of the same photos, as text for people.
package enum ModelComparisonText {
  /// A table of the metrics and one of the classes' F1, with the differences' intervals, McNemar's test and the verdict.
  ///
  ///     A is runs/a
  ///     B is runs/b
  ///     341 photos, drawn one by one
  ///
  ///                   A      B   B − A              95 %
  ///     accuracy  0.909  0.927  +0.018  −0.006 to +0.041
  package static func text(_ it: ModelComparison) -> String {
    [
      "A is \(it.first)\nB is \(it.second)\n\(photos(it))\n", TextTable.aligned(metrics(it)),
      TextTable.aligned(classes(it)), "\(mcNemar(it))\n\(verdict(it))\n",
    ].joined(separator: "\n")
  }

  static func photos(_ it: ModelComparison) -> String {
    let count = NumberText.grouped(it.paired.photos)
    guard let groups = it.paired.groups else {
      return "\(count) photos, drawn one by one: no groups are known (a column `group` tells them)"
    }
    return "\(count) photos, drawn by their \(NumberText.grouped(groups)) groups"
  }

  private static func metrics(_ it: ModelComparison) -> [[String]] {
    let hasFolds = it.folded != nil
    return [["", "A", "B", "B − A", "95 %"] + (hasFolds ? ["over the folds"] : [])]
      + it.paired.metrics.map { metric, difference in
        let folds = it.paired.overFolds(metric).map {
          DifferenceText.range($0.interval, digits: metric.digits)
        }
        return [metric.title] + DifferenceText.cells(difference, digits: metric.digits)
          + (hasFolds ? [folds ?? "–"] : [])
      }
  }

  private static let mostClasses = 20

  /// The most changed first, where there are more than a screen holds; else in their order.
  private static func classes(_ it: ModelComparison) -> [[String]] {
    var classes = it.paired.classes
    if classes.count > mostClasses {
      classes = classes.enumerated().sorted {
        (abs($1.element.f1.difference), $0.offset) < (abs($0.element.f1.difference), $1.offset)
      }.prefix(mostClasses).map(\.element)
    }
    return [["F1 of", "A", "B", "B − A", "95 %", "photos"]]
      + classes.map { [$0.name] + DifferenceText.cells($0.f1) + ["\($0.photos)"] }
  }

  static func mcNemar(_ it: ModelComparison) -> String {
    let test = it.paired.mcNemar
    return
      "\(test.firstAlone) photos are right in A alone, \(test.secondAlone) in B alone: McNemar's p is "
      + NumberText.short(test.p)
  }

  static func verdict(_ it: ModelComparison) -> String {
    let (metric, score) = (it.decidedBy, it.difference)
    let gain =
      "\(metric.title) is \(metric.text(score.first)) in A and \(metric.text(score.second)) in B "
      + "(B − A: \(DifferenceText.range(score.interval, digits: metric.digits)))"
    let folds = it.folded.map {
      DifferenceText.range($0.interval, digits: metric.digits) + " over the folds"
    }
    switch it.verdict {
    case .firstIsBetter, .secondIsBetter:
      let (better, worse) = it.verdict == .firstIsBetter ? ("A", "B") : ("B", "A")
      return "\(better) is better than \(worse) by more than chance: \(gain)"
        + (folds.map { ", and \($0)" } ?? "")
    case .notApart where score.isReal:
      return
        "not resolved: by these photos \(gain), but \(folds ?? ""): trained on other photos it may be the other way round"
    case .notApart: return "not resolved: \(gain), which may be chance"
    }
  }
}
