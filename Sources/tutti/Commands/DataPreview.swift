import ArgumentParser
import DataParallel
import Experiments
import MPI
import Reporting

struct DataPreview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Shows photos as a training sees them: after augment, and mixed.",
    discussion: """
      Samples are those that `tutti train` makes with this recipe and seed, to the last pixel, each beside \
      its photo. A folder gets each sample as a PNG, and samples.json with all that was drawn; it must be \
      empty. What pretrained weights say of the photos counts as in a training.

      EXAMPLES
        A contact sheet of the first 32:
          tutti data preview photos --recipe mine.yaml --out sheet.png

        A page with what was drawn, from the third epoch:
          tutti data preview photos --recipe mine.yaml --epoch 2 --out preview.html
      """)

  @Argument(help: "A folder of photos, a manifest (.csv), a pack, or a folder of IDX files.")
  var photos: String

  @OptionGroup var options: RecipeFileOptions

  @OptionGroup var skipCorrupt: SkipCorruptOption

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp(
      "A folder, or a file that ends in .png or .html.", valueName: "path"),
    completion: .file())
  var output = "preview.png"

  @OptionGroup var waiting: WaitOptions

  @Option(help: ArgumentHelp("Which epoch, from 0.", valueName: "number"))
  var epoch = 0

  @Option(help: ArgumentHelp("The first one's place in the epoch's list.", valueName: "number"))
  var place = 0

  @Option(help: ArgumentHelp("How many samples.", valueName: "number"))
  var count = 32

  func validate() throws {
    if output.isEmpty { throw ValidationError("--out is empty; name a folder or a file") }
    guard (0..<100_000).contains(epoch), (0..<1 << 31).contains(place), (1...10_000).contains(count)
    else {
      throw ValidationError("--epoch and --place are numbers from 0, --count from 1 to 10000")
    }
  }

  func run() throws {
    runWithMPI(waiting) { world in
      let checked = try Preview.experiment(world: world, saved: { try options.savedRecipe }) {
        try options.makeRecipe(photos: photos, overridingWith: skipCorrupt.settings)
      }
      _ = try world.communicator.onFirst(working: { getsOn in
        let console = Console()
        for note in checked.notes { console.line("weights   \(note)") }
        let preview = try Preview(
          checked.experiment, epoch: epoch, places: place..<(place + count), getsOn)
        if preview.samples.count < count {
          console.line(
            "samples   \(preview.samples.count), since an epoch has \(preview.places) places")
        }
        for path in try preview.write(to: output) { console.line("written   \(path)") }
      })
      return .done
    }
  }
}
