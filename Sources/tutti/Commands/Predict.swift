import ArgumentParser
import DataParallel
import Evaluation
import Experiments
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

      EXAMPLES
        launch/local predict --model runs/a photos/new
        launch/local predict --model runs/a --model runs/b --csv photos/new > new.csv
        launch/local predict --model runs/a --heat-map maps 'photos/*/2019-*.jpg'
        tutti predict --model runs/cv --top 1 party.jpg
        tutti predict --model weights/efficientnet-lite0-57934424.pth party.jpg
      """)

  @Option(
    help: ArgumentHelp(
      "A run's folder (its best checkpoint; RUN@last: its newest), a checkpoint, a "
        + "cross-validation's folder (all folds), or a file of pretrained weights. May be repeated.",
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
    if let reject, !(0...1).contains(reject) {
      throw ValidationError("--reject \(reject): a probability is a number from 0 to 1")
    }
    if let top, top < 1 { throw ValidationError("--top \(top): at least 1 class must be shown") }
  }

  func run() throws {
    runWithMPI(waiting) { world in
      let prediction = try PredictionRun.run(
        world: world, models: model, paths: paths,
        settings: viewing.settings + changes.settings, heatMaps: heatMap, rejectingBelow: reject)
      guard world.communicator.isFirst else { return .done }
      for line in prediction.notes + prediction.problems { say(line) }
      switch form {
      case .table: Console().text(table(prediction.photos))
      case .csv: print(prediction.photos.csv, terminator: "")
      case .json: print(try prediction.photos.json())
      }
      return prediction.problems.isEmpty ? .done : .unusableInput
    }
  }

  private func table(_ photos: PhotoPredictions) -> String {
    let rows = photos.top(top ?? 3)
    guard let shown = rows.first?.classes.count else { return "" }
    let isRejecting = reject != nil || photos.haveSeveralLabels
    let first = isRejecting ? 2 : 1
    let head =
      ["photo"] + (isRejecting ? ["predicted"] : [])
      + (0..<shown).flatMap { _ in ["class", "p"] }
    return TextTable.aligned(
      [head]
        + rows.map { path, predicted, classes in
          [path] + (isRejecting ? [predicted] : [])
            + classes.flatMap { [$0.name, NumberText.fixed($0.p, 3)] }
        },
      textColumns: Set(Array(0..<first) + (0..<shown).map { first + 2 * $0 }))
  }
}
