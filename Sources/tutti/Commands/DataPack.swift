import ArgumentParser
import DataParallel
import Datasets
import Files
import Images
import MPI
import Reporting
import Tensors

struct DataPack: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Puts photos into a few large files, for file systems that are slow to open many.",
    discussion: """
      The pack is a folder, which is there whole or not at all, and is taken wherever a folder of photos is. \
      With it go labels, splits, groups, folds, weights and paths, and a SHA-256 of each photo, which is \
      compared whenever it is read. Without options, photos are packed as they are, undecoded (tutti data inspect \
      decodes them): trainings give the same bits as with the folder, and go on from one to the other. Packed \
      smaller, they are other photos, which decode faster: those whose shorter side isn't longer than \
      --shorter-side stay as they are. Random crops take parts of them: 1.5 times model.image-size leaves these most of \
      their pixels, and less may cost accuracy.

      EXAMPLES
        tutti data pack photos photos.pack
        tutti train --data photos.pack

        With photos of 336 pixels:
          tutti data pack photos photos-336.pack --shorter-side 336

        Copied to each host's memory before a training:
          mpirun -n 8 tutti train --data photos.pack --set data.stage=memory
      """)

  @Argument(help: "A folder of photos or a manifest (.csv).", completion: .file())
  var photos: String

  @Argument(help: "The pack: a folder that isn't there yet.", completion: .file())
  var out: String

  @Option(
    help: ArgumentHelp(
      "Makes the shorter side of larger photos so long, and packs JPEGs; they are upright, and white where they "
        + "were transparent.", valueName: "pixels"))
  var shorterSide: Int?

  @Option(help: ArgumentHelp("Of these JPEGs, from 1 to 100; by default 90.", valueName: "number"))
  var quality: Int?

  @Flag(
    help:
      "Packs pixels instead of files: ten times the bytes, and nothing to decode; pays with --shorter-side."
  )
  var raw = false

  @Option(
    help: ArgumentHelp("After how many megabytes a new file is begun.", valueName: "megabytes"))
  var shardSize = 1000

  @OptionGroup var grouping: GroupByOption

  @OptionGroup var labelling: LabelsOption

  @OptionGroup var limit: LargestPhotoOption

  @Flag(help: "Decodes all photos and leaves out those that can't be.")
  var skipCorrupt = false

  @OptionGroup var waiting: WaitOptions

  func validate() throws {
    if photos.isEmpty || out.isEmpty { throw ValidationError("a path is empty; name both") }
    if let shorterSide, !(8...65_500).contains(shorterSide) {
      throw ValidationError("--shorter-side \(shorterSide): it is from 8 to 65500 pixels")
    }
    if let quality, !(1...100).contains(quality) {
      throw ValidationError("--quality \(quality): it is from 1 to 100")
    }
    if quality != nil, shorterSide == nil || raw {
      throw ValidationError(
        "--quality is that of the JPEGs that --shorter-side makes; \(raw ? "--raw makes none" : "name one")"
      )
    }
    guard (1...1_000_000).contains(shardSize) else {
      throw ValidationError("--shard-size \(shardSize): it is from 1 to 1000000 megabytes")
    }
  }

  private var form: PackForm {
    if raw { return .pixels(shorterSide: shorterSide) }
    return shorterSide.map { .jpeg(shorterSide: $0, quality: quality ?? 90) } ?? .files
  }

  /// A pack among the classes would be taken for one.
  private func checkPlace(_ out: String) throws(PackError) {
    if Manifest.isOne(out) { throw .name(out) }
    if Manifest.isOne(photos) { return }
    let inside = Paths.resolved(Paths.folder(of: out)) + "/"
    if inside.startsExactly(with: Paths.resolved(photos) + "/") {
      throw .inside(out, photos: photos)
    }
  }

  /// One process is enough; under mpirun rank 0 does it, and all end with its exit code.
  func run() throws {
    runWithMPI(waiting) { world in
      _ = try world.communicator.onFirst(working: { getsOn in
        let decoding = try limit.decoding()
        let demands: Dataset.Demands = skipCorrupt ? [] : .files
        let dataset = try Dataset.open(
          path: photos, groupBy: grouping.groupBy, severalLabels: labelling.wanted,
          demanding: demands
        )
        .decoded(by: decoding)
        let clock = ContinuousClock()
        let start = clock.now
        let out = Paths.withoutTrailingSlashes(out)
        try checkPlace(out)
        let packing = Packing(
          form, shardBytes: shardSize * 1_000_000, groupBy: grouping.groupBy,
          skipsCorrupt: skipCorrupt)
        let result = try packing.write(
          dataset, to: out, ThreadPool(threads: Cores.usable), getsOn)
        let console = Console()
        for error in result.leftOut { say("left out: \(error)") }
        for note in dataset.notes { say(note.text) }
        console.line(
          "\(out): \(result.photos) photos, \(form.description), \(ByteCount(result.bytes)) (from "
            + "\(ByteCount(result.photoBytes))) in \(result.shards) file\(result.shards == 1 ? "" : "s"), in \(NumberText.fixed((clock.now - start) / .seconds(1), 1)) s"
        )
        console.line("next: tutti train --data \(Paths.shellQuoted(out))")
      })
      return .done
    }
  }
}
