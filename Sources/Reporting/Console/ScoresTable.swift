package import Evaluation

/// Scores as text for people.
package enum ScoresTable {
  /// Two tables, with a newline at the end: the scores of each class and their means, and the
  /// confusion matrix, whose rows are the true classes.
  ///
  ///     class     precision  recall     F1  photos
  ///     anger         0.800   0.667  0.727       6
  ///     …
  ///
  /// Where several views were averaged, a line between them tells what that changed.
  package static func text(_ viewed: ViewedScores, models: Int = 1) -> String {
    let scores = viewed.scores
    return TextTable.aligned(perClass(scores)) + summary(scores) + gain(viewed, models)
      + (scores.matrix == nil ? "" : "\n")
      + (scores.matrix.map { confusion($0) } ?? "")
  }

  /// A table of the members and the ensemble, each with its plain view where others were averaged, and
  /// the two tables of the ensemble.
  ///
  ///     model                                   accuracy  balanced  macro F1  weighted F1  kappa   loss
  ///     runs/a/checkpoints/step-00000120           0.912     0.899     0.901        0.911  0.895  0.311
  ///     …
  ///     ensemble                                   0.931     0.920     0.922        0.930  0.917  0.265
  package static func text(_ scores: EnsembleScores) -> String {
    let metrics = scores.ensemble.scores.metricsInTables
    func row(_ name: String, _ scores: Scores) -> [String] {
      [name] + metrics.map { $0.text(scores[$0]) }
    }
    let rows =
      [["model"] + metrics.map(\.title)]
      + (scores.members.map { ($0.model, $0.scores) } + [("ensemble", scores.ensemble)])
      .flatMap { name, viewed in
        [row(name, viewed.scores)] + (viewed.plain.map { [row("  plain view", $0)] } ?? [])
      }
      + zip(scores.members, scores.without ?? []).map { row("without \($0.model)", $1) }
    return TextTable.aligned(rows) + "\n" + text(scores.ensemble, models: scores.members.count)
  }

  /// The scores of each class, under a line of headings.
  static func perClass(_ scores: Scores) -> [[String]] {
    if scores.matrix == nil { return perLabel(scores) }
    let hasIntervals = scores.perClass.contains { $0.intervals != nil }
    var rows = [
      ["class", "precision", "recall", "F1"] + (hasIntervals ? ["95 %"] : []) + ["photos"]
    ]
    for score in scores.perClass {
      rows.append(
        [score.name] + [score.precision, score.recall, score.f1].map { NumberText.fixed($0, 3) }
          + (hasIntervals ? [interval(score)] : []) + [String(score.support)])
    }
    return rows
  }

  /// Of F1: `0.613–0.792`.
  private static func interval(_ score: ClassScores) -> String {
    score.intervals.map {
      "\(NumberText.fixed($0.f1.lower, 3))–\(NumberText.fixed($0.f1.upper, 3))"
    } ?? "–"
  }

  /// The same of several labels: besides, how well probabilities rank them, and the threshold of the best F1.
  private static func perLabel(_ scores: Scores) -> [[String]] {
    let head = ["label", "AP", "precision", "recall", "F1", "best F1", "from", "photos"]
    return [head]
      + scores.perClass.map { score in
        func text(_ number: Double?) -> String { number.map { NumberText.fixed($0, 3) } ?? "–" }
        return [score.name, text(score.ranking?.averagePrecision)]
          + [score.precision, score.recall, score.f1].map { NumberText.fixed($0, 3) }
          + [text(score.ranking?.bestF1), text(score.ranking?.bestThreshold)]
          + [String(score.support)]
      }
  }

  private static func summary(_ scores: Scores) -> String {
    func text(_ metrics: [Metric]) -> [String] {
      metrics.map { "\($0.title) \($0.text(scores[$0]))" }
    }
    let shown = scores.metricsInTables
    let others = text(scores.metrics.filter { !shown.contains($0) }).joined(separator: ", ")
    return (text(shown) + ["\(scores.photos) photos"]).joined(separator: ", ") + "\n"
      + (others.isEmpty ? "" : others + "\n") + means(scores)
  }

  /// `8 views, over the plain one: accuracy +0.007, …`
  private static func gain(_ scores: ViewedScores, _ models: Int) -> String {
    guard let plain = scores.plain else { return "" }
    let gains = plain.metricsInTables.map { metric in
      let gain = scores[metric] - plain[metric]
      return "\(metric.title) \(gain < 0 ? "" : "+")\(metric.text(gain))"
    }
    let views =
      models > 1
      ? "\(scores.views) views by \(models) models, over their plain ones"
      : "\(scores.views) view\(scores.views == 1 ? "" : "s"), over the plain one"
    return "\(views): "
      + gains.joined(separator: ", ") + "\n"
  }

  /// Over which classes the means are, where it isn't all.
  private static func means(_ scores: Scores) -> String {
    let all = scores.perClass.count
    guard let matrix = scores.matrix else {
      let known = scores.perClass.count { $0.support > 0 }
      return known == all
        ? "" : "of \(all) labels, mean AP is the mean of the \(known) with photos\n"
    }
    guard matrix.classesWithPhotos < all else { return "" }
    return
      "of \(all) classes, balanced is the mean of the \(matrix.classesWithPhotos) with photos, macro F1 "
      + "of the \(matrix.classesOccurring.count) with photos or predictions\n"
  }

  /// Columns of a matrix that a person may look at.
  private static let widest = 50

  private static func confusion(_ matrix: ConfusionMatrix) -> String {
    let names = matrix.classes
    guard names.count <= widest else { return confusedMost(matrix, names) }
    let rows = zip(names, matrix.rows).map { name, row in [name] + row.map(String.init) }
    return TextTable.aligned([["true \\ predicted"] + names] + rows)
  }

  /// The pairs of classes that were confused most, in the place of a matrix that no screen holds.
  private static func confusedMost(_ matrix: ConfusionMatrix, _ names: [String]) -> String {
    let pairs = matrix.triples.filter { $0[0] != $0[1] }
      .sorted { ($1[2], $0[0], $0[1]) < ($0[2], $1[0], $1[1]) }
    let rows = pairs.prefix(20).map { [names[$0[0]], names[$0[1]], String($0[2])] }
    return TextTable.aligned([["true", "predicted", "photos"]] + rows)
  }
}

extension Metric {
  /// A value of it, with as many decimals as tables show.
  package func text(_ value: Double) -> String { NumberText.fixed(value, digits) }

  /// `macro F1 0.912 (95 %: 0.880–0.936)`
  func told(_ value: Double, _ interval: Interval?) -> String {
    "\(title) \(text(value))"
      + (interval.map { " (95 %: \(text($0.lower))–\(text($0.upper)))" } ?? "")
  }
}
