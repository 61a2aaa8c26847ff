package import Evaluation
package import Reports

/// The report of several models together: an ensemble that was fitted, or cross-validations of one set.
package struct MembersReport {
  package struct Member: Sendable {
    package let name: String
    /// Nil where it counts as all others do.
    package let weight: Double?
    package let scores: Scores
    /// The others' without it.
    package let without: Scores?

    package init(name: String, weight: Double?, scores: Scores, without: Scores?) {
      self.name = name
      self.weight = weight
      self.scores = scores
      self.without = without
    }
  }

  private let path: String
  private let kind: String
  private let facts: [String]
  private let members: [Member]
  /// Of all together.
  private let scores: Scores
  private let answers: ReportAnswers?

  /// - Parameters:
  ///   - kind: what the folder is: `an ensemble of 3 members`.
  ///   - facts: sentences about it.
  ///   - scores: of all together.
  ///   - answers: what all together say of photos with one label each.
  package init(
    _ path: String, kind: String, facts: [String], _ members: [Member], _ scores: Scores,
    _ answers: ReportAnswers?
  ) {
    self.path = path
    self.kind = kind
    self.facts = facts
    self.members = members
    self.scores = scores
    self.answers = answers
  }

  package func page() -> ReportPage {
    ReportPage(
      title: path, subtitle: "\(kind), by Tutti",
      sections: [verdict, membersSection] + (answers?.sections ?? []) + [repeating])
  }

  private var verdict: ReportPage.Section {
    let metrics: [Metric] = [.macroF1, .accuracy]
    let intervals = answers?.intervals(of: metrics) ?? metrics.map { _ in nil }
    let told = zip(metrics, intervals).map { $0.told(scores[$0], $1) }
    let sentences = facts.map { "<p>\($0)</p>\n" as HTML }
    return ReportPage.Section(
      "verdict", "What was reached",
      """
      <div class="verdict"><p><b>\(told.joined(separator: ", "))</b></p>
      <p>on \(answers?.description ?? "\(NumberText.grouped(scores.photos)) photos").</p></div>
      \(sentences)\(RunReport.table(scores))
      """)
  }

  private var membersSection: ReportPage.Section {
    let metric = Metric.macroF1
    let hasWeights = members.contains { $0.weight != nil }
    let others: [Metric] = [.accuracy, .loss]
    func cell(_ value: Double?, _ text: (Double) -> String) -> Table.Cell {
      value.map { .number($0, shown: text($0)) } ?? .text("–")
    }
    let rows = members.map { member in
      Rows.Row(
        member.name, member.scores[metric], second: member.without?[metric],
        others: others.map { metric in cell(member.scores[metric]) { metric.text($0) } }
          + (hasWeights ? [cell(member.weight) { NumberText.fixed($0, 3) }] : []))
    }
    let figure = Rows.figure(
      "members-scores", title: "\(metric.title) of each member, and of all others together",
      description:
        "A member adds what the others lack without it. All together: \(metric.text(scores[metric])).",
      rows, as: .dots, names: ["alone", "all without it"],
      others: others.map(\.title) + (hasWeights ? ["weight"] : []), zero: scores[metric]
    ) { metric.text($0) }
    return ReportPage.Section("members", "Members", "<div class=\"figures\">\(figure.html)</div>")
  }

  private var repeating: ReportPage.Section {
    let names = members.map { "<li><code>\($0.name)</code></li>\n" as HTML }
    return ReportPage.Section(
      "origin", "Where it comes from",
      "<p>Each member's own report tells the rest: <code>tutti report MEMBER</code>.</p>\n<ul>\n\(names)</ul>\n"
    )
  }
}
