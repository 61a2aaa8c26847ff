package import Evaluation

/// Scores as text for people.
package enum ScoresTable {
  /// Two tables, with a newline at the end: the scores of each class and their means, and the
  /// confusion matrix, whose rows are the true classes.
  ///
  ///     class     precision  recall     F1  photos
  ///     anger         0.800   0.667  0.727       6
  ///     …
  package static func text(_ scores: Scores) -> String {
    perClass(scores) + "\n" + confusion(scores)
  }

  private static func perClass(_ scores: Scores) -> String {
    var rows = [["class", "precision", "recall", "F1", "photos"]]
    for score in scores.perClass {
      rows.append(
        [score.name] + [score.precision, score.recall, score.f1].map(decimals)
          + [String(score.support)])
    }
    return TextTable.text(rows)
      + "accuracy \(decimals(scores.accuracy)), balanced \(decimals(scores.balancedAccuracy)), "
      + "macro F1 \(decimals(scores.macroF1)), weighted F1 \(decimals(scores.weightedF1)), "
      + "loss \(decimals(scores.loss)), \(scores.photos) photos\n"
  }

  private static func confusion(_ scores: Scores) -> String {
    let names = scores.perClass.map(\.name)
    let rows = zip(names, scores.confusionMatrix).map { name, row in [name] + row.map(String.init) }
    return TextTable.text([["true \\ predicted"] + names] + rows)
  }

  /// Three decimals.
  private static func decimals(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return String(value) }
    let thousandths = Int((abs(value) * 1000).rounded())
    let digits = String(thousandths % 1000)
    let sign = value < 0 && thousandths > 0 ? "-" : ""
    return "\(sign)\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
