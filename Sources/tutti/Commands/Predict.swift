import ArgumentParser
import DataParallel
import Evaluation
import Experiments
import Files
import MPI
import Reporting

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what photos show, by a trained model or an ensemble.",
    discussion: """
      Takes photos (JPEG, PNG, WebP), folders with all that is in and below them, and patterns of either in quotes \
      (*, ?, [a-z]), for more photos than a command line holds. Of several models, the mean of \
      their probabilities counts. The answers are the same, bit for bit, for any number of ranks. A \
      photo that can't be read gets a line on standard error; the others are done all the same, and \
      the exit code is 65.

      A heat map (Grad-CAM) shows where a model looks for the class that it finds most probable: the \
      photo as the net sees it, bright where that class shows and dark elsewhere; of several models, \
      the mean of their maps for the class that they say together. Its file is called for the \
      photo's place among all photos and its name: 007-party.png.

      --sort tells what to label next: the photos first of which least is known, by the entropy of their probabilities, \
      the margin between the two most probable classes, or the disagreement of several models.

      EXAMPLES
        launch/local predict --model runs/a photos/new
        launch/local predict --model runs/a --model runs/b --csv photos/new > new.csv
        launch/local predict --model runs/a --heat-map maps 'photos/*/2019-*.jpg'
        tutti predict --model runs/cv --top 1 party.jpg
        launch/local predict --model runs/ensemble photos/new --sort uncertainty --csv --html next.html > next.csv
        tutti predict --model weights/efficientnet-lite0-57934424.pth party.jpg
      """)

  @Option(
    help: ArgumentHelp(
      "A run's folder (its best checkpoint; RUN@last: its newest), a checkpoint, a "
        + "cross-validation's folder (all folds), an ensemble's, or a file of pretrained weights. May be repeated.",
      valueName: "path"),
    completion: .file())
  var model: [String]

  @Argument(
    help: ArgumentHelp("Photos, folders, and patterns of either; or a pack.", valueName: "path"),
    completion: .file())
  var paths: [String]

  @Option(help: ArgumentHelp("How many classes the table shows, by default 3.", valueName: "count"))
  var top: Int?

  @Option(
    help: ArgumentHelp(
      "Writes a heat map of each photo to this folder, which must be empty or not be there yet.",
      valueName: "folder"),
    completion: .directory)
  var heatMap: String?

  @Option(
    help: ArgumentHelp(
      "Says `none of these` of a photo whose classes are all less probable; tutti evaluate --reject tells "
        + "what that leaves.", valueName: "probability"))
  var reject: Double?

  @Option(
    help: ArgumentHelp(
      "Shows first what is least certain, by entropy (or uncertainty, which is the same), margin or disagreement, and "
        + "these numbers.", valueName: "measure"))
  var sort: AnswerUncertainty.Measure?

  @Option(
    help: ArgumentHelp("With --sort, writes a page with the first photos.", valueName: "file"),
    completion: .file())
  var html: String?

  @Option(help: ArgumentHelp("The most photos on the page, by default 100.", valueName: "number"))
  var most: Int?

  @Flag(help: "A table for people, or all probabilities as CSV or JSON.")
  var form = Form.table

  @OptionGroup var viewing: ViewOptions

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var waiting: WaitOptions

  enum Form: EnumerableFlag { case table, csv, json }

  func validate() throws {
    try viewing.check(beside: changes.settings)
    if top != nil, form != .table {
      throw ValidationError(
        "--top cuts the table; --csv and --json have all classes, so leave it out")
    }
    if html != nil, sort == nil {
      throw ValidationError("--html shows what --sort finds; add --sort")
    }
    if let most, most < 1 {
      throw ValidationError("--most \(most): a number from 1, of photos on the page of --html")
    }
    if most != nil, html == nil {
      throw ValidationError(
        "--most is how many photos the page of --html has; name one with --html FILE")
    }
    if let reject, !(0...1).contains(reject) {
      throw ValidationError("--reject \(reject): a probability is a number from 0 to 1")
    }
    if let top, top < 1 { throw ValidationError("--top \(top): at least 1 class must be shown") }
  }

  func run() throws {
    runWithMPI(waiting) { world in
      try world.communicator.onFirst { try FileExists.check(html, option: "--html") }
      let prediction = try PredictionRun.run(
        world: world, models: model, paths: paths,
        settings: viewing.settings + changes.settings, heatMaps: heatMap, sortedBy: sort,
        rejectingBelow: reject)
      guard world.communicator.isFirst else { return .done }
      for line in prediction.notes + prediction.problems { say(line) }
      switch form {
      case .table: Console().text(table(prediction.photos))
      case .csv: print(prediction.photos.csv, terminator: "")
      case .json: print(try prediction.photos.json())
      }
      if let html, let sort {
        try prediction.writePage(to: html, atMost: most ?? 100, sortedBy: sort)
      }
      return prediction.problems.isEmpty ? .done : .unusableInput
    }
  }

  private func table(_ photos: PhotoPredictions) -> String {
    let rows = photos.top(top ?? 3)
    guard let shown = rows.first?.classes.count else { return "" }
    let isRejecting = reject != nil || photos.haveSeveralLabels
    let measures = photos.measures
    let first = (isRejecting ? 2 : 1) + measures.count
    let head =
      ["photo"] + (isRejecting ? ["predicted"] : []) + measures
      + (0..<shown).flatMap { _ in ["class", "p"] }
    return TextTable.aligned(
      [head]
        + rows.map { line in
          [line.path] + (isRejecting ? [line.predicted] : [])
            + line.uncertainty.map { NumberText.fixed($0, 3) }
            + line.classes.flatMap { [$0.name, NumberText.fixed($0.p, 3)] }
        },
      textColumns: Set(Array(0..<(first - measures.count)) + (0..<shown).map { first + 2 * $0 }))
  }
}

extension AnswerUncertainty.Measure: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(rawValue: argument == "uncertainty" ? "entropy" : argument)
  }
}
