import ArgumentParser
import DataParallel
import Datasets
import Files
import MPI
import Reporting

struct DataUnpack: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack",
    abstract: "Makes files again of the photos in a pack, with a manifest.",
    discussion: """
      Photos get the paths that they had below their folder, and manifest.csv says all else that was known of \
      them. Packed pixels become PNG files.

      EXAMPLES
        tutti data unpack photos.pack photos
        tutti train --data photos/manifest.csv
      """)

  @Argument(help: "The pack.", completion: .directory)
  var pack: String

  @Argument(help: "A folder that isn't there yet.", completion: .directory)
  var out: String

  @OptionGroup var waiting: WaitOptions

  /// One process is enough; under mpirun rank 0 does it, and all end with its exit code.
  func run() throws {
    runWithMPI(waiting) { world in
      _ = try world.communicator.onFirst(working: { getsOn in
        guard Pack.isOne(pack) else { throw PackError.noPack(pack) }
        let dataset = try Dataset.open(path: pack, demanding: [])
        let out = Paths.withoutTrailingSlashes(out)
        try dataset.unpack(to: out, getsOn)
        Console().line("\(out): \(dataset.samples.count) photos and manifest.csv")
      })
      return .done
    }
  }
}
