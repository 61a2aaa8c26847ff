import ArgumentParser
import Experiments
import Reporting

struct DataPreview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Shows photos as a training sees them: after augment, and mixed.",
    discussion: """
      Samples are those that `tutti train` makes with this recipe and seed, to the last pixel, each beside \
      its photo. A folder gets each sample as a PNG, and samples.json with all that was drawn.

      EXAMPLES
        A contact sheet of the first 32:
          tutti data preview photos --recipe mine.yaml --out sheet.png

        A page with what was drawn, from the third epoch:
          tutti data preview photos --recipe mine.yaml --epoch 2 --out preview.html
      """)

  @Argument(help: "A folder of photos, a manifest (.csv) or a folder of IDX files.")
  var photos: String

  @OptionGroup var options: RecipeFileOptions

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp(
      "A folder, or a file that ends in .png or .html.", valueName: "path"),
    completion: .file())
  var output = "preview.png"

  @Option(help: ArgumentHelp("Which epoch, from 0.", valueName: "number"))
  var epoch = 0

  @Option(help: ArgumentHelp("The first one's place in the epoch's list.", valueName: "number"))
  var place = 0

  @Option(help: ArgumentHelp("How many samples.", valueName: "number"))
  var count = 32

  func validate() throws {
    guard (0..<100_000).contains(epoch), (0..<1 << 31).contains(place), (1...10_000).contains(count)
    else {
      throw ValidationError("--epoch and --place are numbers from 0, --count from 1 to 10000")
    }
  }

  func run() throws {
    runAlone {
      let preview = try Preview(
        Experiment(options.makeRecipe(photos: photos)), epoch: epoch,
        places: place..<(place + count))
      let console = Console()
      for path in try preview.write(to: output) { console.line("written   \(path)") }
    }
  }
}
