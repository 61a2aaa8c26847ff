import Evaluation
import Recipes
import Reports
import Runs

/// What a report shows of a cross-validation's folds.
struct FoldsSection {
  private let results: [FoldResult]
  private let metric: Metric

  /// Nil for what is no cross-validation, or has no fold that is done.
  ///
  /// - Throws: `FileError`, `CrossvalError`.
  init?(_ record: RunRecord) throws {
    let folder = CrossvalFolder(path: record.path)
    guard folder.exists else { return nil }
    results = try (0..<folder.folds()).compactMap { try FoldResult(of: folder.run(ofFold: $0)) }
    metric = record.recipe.training.selectBy
    if results.isEmpty { return nil }
  }

  var section: ReportPage.Section {
    let scores = results.map(\.scores.scores)
    let others = scores[0].metricsInTables.filter { $0 != metric }
    let rows = results.map { result in
      Rows.Row(
        "fold \(result.fold)", result.scores[metric],
        others: others.map {
          .number(result.scores[$0], shown: $0.text(result.scores[$0]))
        } + [.number(Double(result.scores.photos), shown: "\(result.scores.photos)")])
    }
    let spread = CrossvalResult.Spread(scores.map { $0[metric] })
    let told =
      "\(metric.title) \(metric.text(spread.mean)) ± \(metric.text(spread.standardDeviation))"
    let figure = Rows.figure(
      "folds-scores", title: "\(metric.title) of each fold",
      description: "Mean and standard deviation over \(results.count) folds: \(told).", rows,
      as: .dots, names: [metric.title], others: others.map(\.title) + ["photos"]
    ) { metric.text($0) }
    return ReportPage.Section(
      "folds", "Folds",
      "<p>\(told) (mean and standard deviation of \(results.count) folds).</p>\n<div class=\"figures\">\(figure.html)</div>"
    )
  }
}
