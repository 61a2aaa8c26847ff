import ArgumentParser
import DataParallel
import Experiments
import Files
import MPI
import Reporting
import Runs
import Training

struct Recalibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Adapts a trained model to photos of another kind, without labels.",
    discussion: """
      Makes the running statistics of its batch normalisations those of the photos given, such as of another \
      camera; the weights stay as they are. Some hundred photos do, with the classes about as frequent as where \
      the model is to be used. The new folder holds a model for evaluate, predict, export and model.weights.

      EXAMPLE
        launch/local recalibrate runs/a --data photos-of-the-new-camera --run runs/a-new-camera
      """)

  @Argument(
    help: ArgumentHelp("A run's folder, a checkpoint or a file of weights.", valueName: "model"),
    completion: .directory)
  var model: String

  @Option(
    name: .customLong("data"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Photos, folders of them and patterns of either; or a pack. Labels are not looked at.",
      valueName: "path"),
    completion: .directory)
  var data: [String]

  @Option(
    help: ArgumentHelp("The most photos that are looked at, drawn at random.", valueName: "number"))
  var photos = StatisticsPass.enough

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The new folder; by default runs/DATE-recalibrated-N, with the first N that is free.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var waiting: WaitOptions

  func validate() throws {
    if photos < 2 { throw ValidationError("--photos is 2 or more: one photo has no variance") }
  }

  func run() throws {
    runWithMPI(waiting) { world in
      let made = try RecalibrationRun.run(
        world: world, model: model, data: data, atMost: photos, folder: folder,
        settings: changes.settings)
      guard world.communicator.isFirst else { return .done }
      for note in made.notes { say(note) }
      let console = Console()
      console.line(
        "recalibrated \(made.model): statistics of \(NumberText.grouped(made.photos)) photos in "
          + "\(made.norms) batch normalisations")
      let path = Paths.shellQuoted(made.folder.path)
      console.line("written   \(made.folder.path)")
      console.line("next      launch/local predict --model \(path) PHOTOS")
      return .done
    }
  }
}
