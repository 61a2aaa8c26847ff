package import Diagnosis
import Evaluation
import Recipes
package import Reports
package import Runs

/// The report of a comparison: whether one of two models is right more often of the same photos, by how much, and in what
/// they differ.
package struct ComparisonReport {
  private let comparison: ModelComparison
  private let first: RunRecord?
  private let second: RunRecord?

  /// - Parameters:
  ///   - first: what is known of the first where it is a folder, and not a table.
  ///   - second: the same of the second.
  package init(_ comparison: ModelComparison, first: RunRecord?, second: RunRecord?) {
    self.comparison = comparison
    self.first = first
    self.second = second
  }

  package func page() -> ReportPage {
    ReportPage(
      title: "\(comparison.first) and \(comparison.second)",
      subtitle: "Two models, asked about the same photos, by Tutti",
      sections: [verdict, metrics, classes, settings].compactMap(\.self))
  }

  private var verdict: ReportPage.Section {
    ReportPage.Section(
      "verdict", "Which is better",
      """
      <div class="verdict"><p><b>\(ModelComparisonText.verdict(comparison))</b></p>
      <p>A is <bdi>\(comparison.first)</bdi>, B is <bdi>\(comparison.second)</bdi>; \(ModelComparisonText.photos(comparison)).</p></div>
      <p>\(ModelComparisonText.mcNemar(comparison)).</p>

      """)
  }

  private func cells(_ score: ScoreDifference, _ text: (Double) -> String) -> [Table.Cell] {
    [
      .number(score.first, shown: text(score.first)),
      .number(score.second, shown: text(score.second)),
    ]
  }

  private var metrics: ReportPage.Section {
    let rows = comparison.paired.metrics.map { metric, score in
      Rows.Row(
        metric.title, score.difference, interval: score.interval,
        others: cells(score) { metric.text($0) }
          + [
            comparison.paired.overFolds(metric).map {
              .text(DifferenceText.range($0.interval, digits: metric.digits))
            } ?? .text("–")
          ])
    }
    let figure = Rows.figure(
      "metrics-differences", title: "B − A of each metric, with its 95 % interval",
      description:
        "An interval that leaves 0 out is more than chance. Of losses and errors, less is better.",
      rows, as: .dots, names: ["B − A"], others: ["A", "B", "over the folds"], zero: 0
    ) { DifferenceText.signed($0) }
    return ReportPage.Section("metrics", "Metrics", figure.html)
  }

  private var classes: ReportPage.Section? {
    if comparison.paired.classes.isEmpty { return nil }
    let rows = comparison.paired.classes.map { one in
      Rows.Row(
        one.name, one.f1.difference, interval: one.f1.interval,
        others: cells(one.f1) { NumberText.fixed($0, 3) }
          + [.number(Double(one.photos), shown: "\(one.photos)")])
    }
    let figure = Rows.figure(
      "classes-differences", title: "B − A of each class's F1, with its 95 % interval",
      description: "\(rows.count) classes, in their order.", rows, as: .dots, names: ["B − A"],
      others: ["A", "B", "photos"], zero: 0
    ) { DifferenceText.signed($0) }
    return ReportPage.Section("classes", "Classes", figure.html)
  }

  private var settings: ReportPage.Section? {
    guard let first, let second else { return nil }
    let differences = Recipe.differences(old: first.recipe, new: second.recipe)
    let table = Table(
      "Keys of the recipes that differ", headings: ["key", "A", "B"],
      rows: differences.map { [.text($0.key), .text($0.old), .text($0.new)] })
    return ReportPage.Section(
      "settings", "What they differ in",
      differences.isEmpty ? "<p>Their recipes are the same.</p>\n" : table.html)
  }
}
