import ArgumentParser
import DataParallel
import Diagnosis
import Evaluation
import Files
import MPI
import Reporting
import Reports
import Runs

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a page about a run, a cross-validation, an ensemble, or a comparison of two.",
    discussion: """
      One file that needs no other, and asks no other host for anything: what was reached and what stands in the way, \
      learning curves, classes, a confusion matrix whose cells open their photos, the worst mistakes with where the \
      model looks, how far probabilities can be trusted, where the time went, and how to repeat it. train, crossval and \
      ensemble fit write it at their end as report.html. docs/report.md tells more.

      EXAMPLES
        tutti report runs/a
        tutti report runs/a --output a.html --watts 150 --price-per-kwh 0.30
        tutti report runs/cv-a runs/cv-b --output comparison.html
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's, probe's, cross-validation's or ensemble's folder; or two, or tables, which are compared as by tutti compare.",
      valueName: "folder"), completion: .file())
  var folders: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file; by default report.html in the folder.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("What a host takes, for energy.", valueName: "W"))
  var watts: Double?

  @Option(help: ArgumentHelp("What energy costs, in any currency.", valueName: "price"))
  var pricePerKwh: Double?

  @Option(help: ArgumentHelp("What an hour of a host costs.", valueName: "price"))
  var pricePerHostHour: Double?

  @Option(help: ArgumentHelp("What a comparison's verdict is by.", valueName: "name"))
  var metric = Metric.macroF1

  @OptionGroup var waiting: WaitOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("name a folder: tutti report runs/a") }
    if folders.count > 2 {
      throw ValidationError("it takes one folder, or two to compare; got \(folders.count)")
    }
    if folders.count == 2, output == nil {
      throw ValidationError(
        "a comparison belongs to neither folder: say where to with --output FILE")
    }
    for (name, value) in [
      ("--watts", watts), ("--price-per-kwh", pricePerKwh),
      ("--price-per-host-hour", pricePerHostHour),
    ] {
      guard let value, !(value >= 0 && value.isFinite) else { continue }
      throw ValidationError("\(name) is a number from 0")
    }
    if pricePerKwh != nil, watts == nil {
      throw ValidationError("--price-per-kwh needs --watts: how much does a host take?")
    }
  }

  func run() {
    if folders.count == 2 { return compare(folders[0], folders[1]) }
    runWithMPI(waiting) { world in
      let path = SavedModel.parse(folders[0]).path
      let file = output ?? ReportWriting.place(in: path)
      let writing = ReportWriting(path) {
        ReportUsage(
          of: $0, watts: watts, pricePerKilowattHour: pricePerKwh,
          pricePerHostHour: pricePerHostHour)
      }
      let problem = try writing.write(to: file, world: world)
      guard world.communicator.isFirst else { return .done }
      if let problem { say(["some pictures are missing: \(problem)"]) }
      Console().line("written   \(file)")
      return .done
    }
  }

  private func compare(_ first: String, _ second: String) {
    runWithMPI(waiting) { world in
      try world.communicator.onFirst {
        let comparison = try Compare.comparison(of: first, second, by: metric)
        let file = output ?? RunFolder.report
        try ComparisonReport(
          comparison, first: try? RunRecord(path: first), second: try? RunRecord(path: second)
        ).page().write(to: file)
        Console().line("written   \(file)")
      }
      return .done
    }
  }
}
