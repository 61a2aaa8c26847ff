import Evaluation
package import Runs

/// The scores of several cross-validations as text for people.
package enum MembersTable {
  /// A row for each member, all together, and all but each, with a newline at the end.
  ///
  ///     member            accuracy  macro F1   loss
  ///     resnet18             0.912     0.904  0.312
  ///     lite0                0.921     0.915  0.287
  ///     together             0.931     0.925  0.256
  ///     without resnet18     0.921     0.915  0.287
  ///     …
  package static func text(_ result: CrossvalSetResult) -> String {
    let metrics = result.ensemble.metricsInTables
    func row(_ name: String, _ scores: Scores) -> [String] {
      [name] + metrics.map { $0.text(scores[$0]) }
    }
    return TextTable.aligned(
      [["member"] + metrics.map(\.title)]
        + result.members.map { row($0.name, $0.scores) } + [row("together", result.ensemble)]
        + result.members.compactMap { member in
          member.ensembleWithout.map { row("without \(member.name)", $0) }
        })
  }
}
