import Diagnosis
import Evaluation
import Recipes
package import Reports
package import Runs

/// The report of a run, a cross-validation or a probe: what was reached, what stands in the way, and all that is known of
/// how it came about, on one page.
package struct RunReport {
  private let record: RunRecord
  private let diagnosis: Diagnosis
  private let answers: ReportAnswers?
  private let usage: ReportUsage

  /// - Parameters:
  ///   - answers: of photos that the models weren't trained on; nil where the folder has none.
  ///   - usage: what an hour takes and costs.
  package init(_ record: RunRecord, answers: ReportAnswers?, usage: ReportUsage) {
    self.record = record
    diagnosis = Diagnosis(record)
    self.answers = answers
    self.usage = usage
  }

  /// Which photos a folder's table is about.
  package static func description(of record: RunRecord, photos: Int) -> String {
    let count = NumberText.grouped(photos)
    let isFolded = record.trainings.count != 1 || record.trainings[0].fold != nil
    if isFolded || record.recipe.crossval.fold != nil {
      return "\(count) photos, each by a model that wasn't trained on it"
    }
    return
      "\(count) validation photos, which also chose the epoch: of photos that chose nothing, tutti evaluate tells"
  }

  /// - Throws: `FileError`, `CrossvalError`.
  package func page() throws -> ReportPage {
    let trainings = TrainingSections(record: record)
    let provenance = ReportProvenance(record)
    let sections =
      [verdict, trainings.learning] + (answers?.sections ?? []) + [
        try FoldsSection(record)?.section, trainings.balance, trainings.time.map(usage.added(to:)),
        provenance.section, provenance.repeating,
      ]
    return ReportPage(
      title: record.path, subtitle: "\(record.recipe.model.name), by Tutti",
      sections: sections.compactMap(\.self))
  }

  private var verdict: ReportPage.Section {
    let findings = diagnosis.findings.map { finding -> HTML in
      let illness = finding.illness
      let changes = illness.changes.map { "<code>\(DiagnosisText.text($0))</code>" as HTML }
      return """
        <li><b>\(type(of: illness).name)</b> (\(illness.severity.rawValue)): \(IllnessText.sentence(illness)).\
        \(changes.isEmpty ? "" : " Try \(HTML(changes, separator: ", or "))." as HTML)</li>

        """
    }
    let obstacles: HTML =
      findings.isEmpty
      ? "<p>No sign of an illness was found (<code>tutti diagnose</code>).</p>\n"
      : "<h3>What stands in the way</h3>\n<ol>\n\(findings)</ol>\n"
    return ReportPage.Section("verdict", "What was reached", scores + obstacles)
  }

  private var scores: HTML {
    guard let scores = answers?.scores ?? record.scores else {
      return "<div class=\"verdict\"><p>Nothing has been validated yet.</p></div>\n"
    }
    let chosen = record.recipe.training.selectBy
    let metrics = chosen == .accuracy ? [.accuracy, .macroF1] : [chosen, .accuracy]
    let intervals =
      answers?.intervals(of: metrics)
      ?? metrics.map { $0 == .accuracy ? Interval.ofAccuracy(scores) : nil }
    let told = zip(metrics, intervals).map { $0.told(scores[$0], $1) }
    let photos =
      answers?.description ?? Self.description(of: record, photos: scores.photos)
    return """
      <div class="verdict"><p><b>\(told.joined(separator: ", "))</b></p>
      <p>on \(photos).\(baseline(scores))</p></div>
      \(Self.table(scores))
      """
  }

  /// What a model gets that doesn't look.
  private func baseline(_ scores: Scores) -> String {
    guard scores.matrix != nil, let largest = scores.perClass.max(by: { $0.support < $1.support })
    else {
      return ""
    }
    let share = Double(largest.support) / Double(max(1, scores.photos))
    return " Always saying \(largest.name) would be right of \(NumberText.percent(share))."
  }

  /// All metrics.
  static func table(_ scores: Scores) -> HTML {
    let table = Table(
      "All metrics", headings: ["metric", "value"],
      rows: scores.metrics.map {
        [.text($0.title), .number(scores[$0], shown: $0.text(scores[$0]))]
      } + [[.text("photos"), .number(Double(scores.photos), shown: "\(scores.photos)")]])
    return "<details><summary>All metrics</summary>\(table.html)</details>\n"
  }
}
