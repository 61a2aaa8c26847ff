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
      A run that is not finished is `running?` while its metrics.jsonl grows, and `stopped` when it \
      can go on with --resume auto. Hours are those of training and validation.

      EXAMPLES
        tutti runs
        tutti runs experiments/august --json
      """)

  @Argument(help: ArgumentHelp("Where the runs are.", valueName: "folder"), completion: .directory)
  var folder = "runs"

  @OptionGroup var output: JSONOptions

  func run() {
    runAlone {
      let list = try RunList(below: folder)
      if output.isJSON {
        print(try JSONText.encode(rows(list), indented: true))
      } else if list.runs.isEmpty {
        print("no runs in \(folder)")
      } else {
        print(table(rows(list)), terminator: "")
      }
    }
  }

  /// A run in JSON, and what the table is made of.
  private struct Row: Encodable {
    let name: String
    let state: String
    let note: String?
    let metric: String?
    let best: Double?
    let epochsDone: Int
    let epochs: Int?
    let hours: Double?
    let forkedFrom: String?
    let differs: [String: String]

    /// In the recipe's order.
    let differences: [String]

    enum CodingKeys: String, CodingKey {
      case name, state, note, metric, best, epochs, hours, differs
      case epochsDone = "epochs_done"
      case forkedFrom = "forked_from"
    }
  }

  private func rows(_ list: RunList) -> [Row] {
    let differences = list.differences
    return list.runs.enumerated().map { number, run in
      let own = differences.compactMap { key, values in values[number].map { (key, $0) } }
      return Row(
        name: run.name, state: run.progress.rawValue, note: run.note,
        metric: run.recipe?.training.selectBy.name, best: run.best,
        epochsDone: run.epochsDone, epochs: run.recipe?.training.epochs, hours: run.hours,
        forkedFrom: run.origin?.run, differs: Dictionary(uniqueKeysWithValues: own),
        differences: own.map { "\($0)=\($1)" })
    }
  }

  private func table(_ rows: [Row]) -> String {
    let head = ["run", "state", "best", "epochs", "hours", "what differs"]
    let cells = rows.map { row in
      [
        row.name, row.state,
        row.best.map { "\(row.metric ?? "") \(NumberText.fixed($0, 4))" } ?? "–",
        row.epochs.map { "\(row.epochsDone)/\($0)" } ?? "–",
        row.hours.map { NumberText.fixed($0, 2) } ?? "–",
        (row.differences
          + [row.forkedFrom.map { "(forked from \($0))" }, row.note.map { "(\($0))" }]
          .compactMap(\.self)).joined(separator: " "),
      ]
    }
    return TextTable.aligned([head] + cells, textColumns: [0, 1, 5])
  }
}
