import ArgumentParser
import Evaluation
import Experiments
import Files
import Reporting

struct DataDoubts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doubts",
    abstract: "Ranks photos whose label out-of-fold predictions contradict.",
    discussion: """
      Confident learning (Northcutt, Jiang and Chuang, arXiv:1911.00068): a photo's label is doubtful when a \
      model that wasn't trained on it is as sure of another class as it usually is of that class's own \
      photos, and more so than of as many others as the classes seem to be mixed up. A probe makes \
      such predictions in a minute.

      EXAMPLES
        tutti probe photos --weights weights/efficientnet-lite0-57934424.pth --run runs/probe
        tutti data doubts runs/probe --html doubts.html
      """)

  @Argument(
    help:
      "A cross-validation's, probe's or ensemble's folder, or a table with path, label and p_<class> (.csv)."
  )
  var path: String

  @Option(help: ArgumentHelp("How many lines are printed.", valueName: "number"))
  var count = 20

  @Option(
    help: ArgumentHelp("Writes all photos, the most doubtful first.", valueName: "file"),
    completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp("Writes a page with the doubtful photos.", valueName: "file"),
    completion: .file())
  var html: String?

  @Option(help: ArgumentHelp("The most photos on the page.", valueName: "number"))
  var most = 500

  @Option(
    help: ArgumentHelp(
      "Where the photos are, as for tutti train; by default as when they were predicted.",
      valueName: "path"), completion: .file())
  var photos: String?

  @OptionGroup var rejecting: RejectOptions

  @OptionGroup var telling: QuietOption

  func validate() throws {
    guard count >= 0, most > 0 else {
      throw ValidationError("--count is a number from 0, --most from 1")
    }
  }

  func run() {
    runAlone(telling) {
      try FileExists.check(csv, option: "--csv")
      try FileExists.check(html, option: "--html")
      let found = try DoubtsRun(path, root: photos)
      if html != nil { try found.checkHasPhotos() }
      let console = Console()
      let (all, doubtful) = (found.photos, found.doubts.doubtful)
      console.line(
        "\(doubtful.count) of \(all.paths.count) labels are doubtful "
          + "(\(NumberText.fixed(100 * Double(doubtful.count) / Double(all.paths.count), 1)) %)")
      if count > 0, !doubtful.isEmpty {
        console.line()
        console.text(
          LabelsTable.text(
            all, rows: doubtful.prefix(count).map { ($0.row, [$0.suggestion]) },
            called: "suggestion"))
      }
      for line in RejectOptions.lines(rejecting.rejections(all.predictions)) { console.line(line) }
      if let csv {
        try FileWriting.replace(csv, with: Array(found.csv.utf8))
        console.line("written   \(csv)")
      }
      if let html {
        try found.writePage(to: html, atMost: most)
        console.line("written   \(html)")
      }
    }
  }
}
