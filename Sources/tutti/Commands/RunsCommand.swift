import ArgumentParser
import Evaluation
import Files
import Recipes
import Reporting
import Runs

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists the runs below a folder, with what their recipes differ in.",
    discussion: """
      A run is `running` while a process works in its folder (`running?` where that is another host's \
      and can't be seen from here, but its metrics.jsonl grows), and `stopped` when it can go on with \
      --resume auto; `finished early` is one that early-stopping has ended. Hours are those of training and \
      validation. The best value of a cross-validation is the mean of its folds, which follow it; of several in one folder, \
      these are listed without their folds. A run that \
      began with another's weights names it, with its score.

      EXAMPLES
        tutti runs
        tutti runs experiments/august --json
        tutti runs runs/cv
      """)

  @Argument(
    help: ArgumentHelp("Where the runs are, or one of them.", valueName: "folder"),
    completion: .directory)
  var folder = "runs"

  @OptionGroup var output: JSONOptions

  func run() {
    runAlone {
      let list = try RunList(below: folder)
      if output.isJSON {
        print(try JSONText.encode(rows(list), indented: true))
      } else if list.runs.isEmpty {
        Console().line("no runs in \(folder)")
      } else {
        Console().text(table(rows(list)))
      }
    }
  }

  /// A run in JSON, and what the table is made of.
  private struct Row: Encodable {
    let name: String
    let kind: String
    let state: String
    let note: String?
    let metric: String?
    let best: Double?
    let epochsDone: Int
    let epochs: Int?
    let foldsDone: Int?
    let folds: Int?
    let hours: Double?
    let forkedFrom: String?
    let parent: Parent?
    let differs: [String: String]

    /// In the recipe's order.
    let differences: [String]

    enum CodingKeys: String, CodingKey {
      case name, kind, state, note, metric, best, epochs, folds, hours, parent, differs
      case epochsDone = "epochs_done"
      case foldsDone = "folds_done"
      case forkedFrom = "forked_from"
    }

    /// The run whose weights it began with.
    struct Parent: Encodable {
      let path: String
      let metric: String
      let best: Double
      /// Whether training has made worse of it, as far as the two can be compared.
      let isBetter: Bool

      enum CodingKeys: String, CodingKey {
        case path, metric, best
        case isBetter = "is_better"
      }

      init(_ parent: ParentScore) {
        path = parent.path
        metric = parent.metric.name
        best = parent.best
        isBetter = parent.isBetter
      }

      var text: String {
        "(from \(path): \(metric) \(NumberText.fixed(best, 4))"
          + (isBetter ? ", better than what became of it)" : ")")
      }
    }
  }

  private func rows(_ list: RunList) -> [Row] {
    let differences = list.differences
    return list.runs.enumerated().map { number, run in
      let own = differences.compactMap { key, values in values[number].map { (key, $0) } }
      return Row(
        name: run.name, kind: run.kind.rawValue, state: run.progress.rawValue, note: run.note,
        metric: run.recipe?.training.selectBy.name, best: run.best,
        epochsDone: run.epochsDone,
        epochs: run.kind == .training ? run.recipe?.training.epochs : nil,
        foldsDone: run.folds?.done, folds: run.folds?.count, hours: run.hours,
        forkedFrom: run.origin?.run, parent: run.parent.map(Row.Parent.init),
        differs: Dictionary(uniqueKeysWithValues: own),
        differences: own.filter { $0.0 != "model.weights-sha256" }
          .map { "\($0)=\($1.harmless(atMost: Self.longestValue))" })
    }
  }

  /// Bytes of a setting and of all that is said of a run, in the table; the JSON has all.
  private static let longestValue = 40
  private static let longestRemark = 100

  private func table(_ rows: [Row]) -> String {
    let head = ["run", "state", "best", "epochs", "hours", "what differs"]
    let cells = rows.map { row in
      [
        row.name, row.state,
        row.best.map { "\(row.metric ?? "") \(NumberText.fixed($0, 4))" } ?? "–",
        progress(of: row),
        row.hours.map { NumberText.fixed($0, 2) } ?? "–",
        remarks(of: row),
      ]
    }
    return TextTable.aligned([head] + cells, textColumns: [0, 1, 5])
  }

  private func progress(of row: Row) -> String {
    if let epochs = row.epochs { return "\(row.epochsDone)/\(epochs)" }
    if let folds = row.folds { return "\(row.foldsDone ?? 0)/\(folds) folds" }
    return "–"
  }

  /// What is said of the run as a whole comes first; of what differs, as much as there is room for.
  private func remarks(of row: Row) -> String {
    var parts: [String] = []
    if row.kind != RunSummary.Kind.training.rawValue { parts.append("(\(row.kind))") }
    if let note = row.note { parts.append("(\(note))") }
    if let origin = row.forkedFrom { parts.append("(forked from \(origin))") }
    if let parent = row.parent { parts.append(parent.text) }
    var text = parts.joined(separator: " ").harmless(atMost: Self.longestRemark)
    for (place, difference) in row.differences.enumerated() {
      let longer = text.isEmpty ? difference : "\(text) \(difference)"
      guard longer.utf8.count < Self.longestRemark else {
        let rest = row.differences.count - place
        return "\(text) and \(rest) more; --json has all"
      }
      text = longer
    }
    return text
  }
}
