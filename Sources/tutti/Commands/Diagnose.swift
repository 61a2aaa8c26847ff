import ArgumentParser
import Diagnosis
import Files
import Reporting
import Runs

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what went wrong in a run and what to try, or which of two runs is better.",
    discussion: """
      It reads a run's folder, also while the run goes on, and looks for signs of learning rates that are too high or \
      too low, labels that say nothing, overfitting and underfitting, weak, over-corrected and small classes, \
      too little validation, doubtful labels, waiting, and memory that is nearly used up: each with its evidence and \
      what to try, the most important first. Of a cross-validation it says how many folds have it. \
      docs/diagnose.md lists them.

      EXAMPLES
        tutti diagnose runs/a
        tutti diagnose runs/cv --json
        tutti diagnose runs/a runs/b
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's, probe's or cross-validation's folder (the best epoch; RUN@last: the last).",
      valueName: "run"), completion: .directory)
  var folder: String

  @Argument(
    help: ArgumentHelp("Another one: the two are compared.", valueName: "other"),
    completion: .directory)
  var other: String?

  @OptionGroup var telling: QuietOption

  @OptionGroup var output: JSONOptions

  func run() {
    runAlone(telling) {
      let record = try RunRecord(path: folder)
      let console = Console()
      if let other {
        let comparison = RunComparison(record, try RunRecord(path: other))
        if output.isJSON { return print(try JSONText.encode(comparison, indented: true)) }
        return console.text(ComparisonText.text(comparison))
      }
      let diagnosis = Diagnosis(record)
      if output.isJSON {
        print(try JSONText.encode(DiagnosisDocument(diagnosis, of: record), indented: true))
      } else {
        for line in DiagnosisText.lines(diagnosis, of: record) { console.line(line) }
      }
    }
  }
}
