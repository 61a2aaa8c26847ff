import ArgumentParser
import DataParallel
import Datasets
import Files
import Glibc
import MPI
import Reporting

struct DataSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract:
      "Writes a manifest: a CSV file that says which photos to train, validate and test on.",
    discussion: """
      Each class gives its share, and the same seed always sets the same photos apart: those that \
      `tutti train` takes by itself with data.split-seed. Splits, groups and folds that the photos \
      bring are taken as they are.

      EXAMPLES
        10 % to validate, 10 % to test, into photos/manifest.csv:
          tutti data split photos

        The same with 5 folds for cross-validation, no photographer's photos in two of them:
          tutti data split list.csv --folds 5 --group-by photographer --output split.csv
      """)

  @Argument(help: "A folder of photos or a manifest (.csv).")
  var path: String

  @Option(help: ArgumentHelp("The share to validate on; by default 0.1.", valueName: "share"))
  var validation: Double?

  @Option(help: ArgumentHelp("The share to test on; by default 0.1.", valueName: "share"))
  var test: Double?

  @Option(help: ArgumentHelp("Which photos are set apart.", valueName: "number"))
  var seed: UInt32 = 42

  @Option(
    help: ArgumentHelp(
      "Also deals all photos but the test photos out to so many folds, each class evenly.",
      valueName: "number"))
  var folds: Int?

  @OptionGroup var grouping: GroupByOption

  @OptionGroup var labelling: LabelsOption

  @Option(
    help: ArgumentHelp(
      "The manifest to write; by default manifest.csv in the folder, or NAME-split.csv beside NAME.csv.",
      valueName: "file"))
  var output: String?

  @OptionGroup var waiting: WaitOptions

  /// One process is enough; under mpirun rank 0 does it, and all end with its exit code.
  func run() throws {
    runWithMPI(waiting) { world in
      try world.communicator.onFirst { try write() }
      return .done
    }
  }

  private var target: String {
    if let output { return output }
    if Manifest.isOne(path) { return "\(path.withoutEnd(bytes: 4))-split.csv" }
    return Paths.path("manifest.csv", below: Paths.withoutTrailingSlashes(path))
  }

  private func write() throws {
    guard Manifest.isOne(target) else {
      throw ManifestError.name(target)
    }
    guard !Paths.exists(target) else {
      throw ManifestError.exists(target)
    }
    let dataset = try Dataset.open(
      path: path, groupBy: grouping.groupBy, severalLabels: labelling.wanted)
    let folder = Paths.folder(of: target)
    guard access(folder, W_OK) == 0 else {
      throw ManifestError.notWritable(target, folder: folder)
    }
    let splits = try dataset.split(
      validation: validation ?? 0.1, test: test ?? 0.1, seed: UInt64(seed))
    tellOfIdleOptions(dataset)
    let pool = (splits.train + splits.validation).sorted()
    var foldOf: [Int: Int]?
    if folds != nil || dataset.samples.contains(where: { $0.fold != nil }) {
      let assigned = try dataset.folds(of: pool, count: folds, seed: UInt64(seed))
      foldOf = Dictionary(uniqueKeysWithValues: zip(pool, assigned))
    }
    let text = try dataset.manifest(splits, folds: foldOf, at: target)
    try FileWriting.replace(target, with: Array(text.utf8))
    let count = foldOf.flatMap { $0.values.max() }.map { ", \($0 + 1) folds" } ?? ""
    if splits.test.isEmpty {
      say(
        "there are no test photos, so nothing will tell how good the model is on photos that chose "
          + "nothing: "
          + (dataset.hasSplits
            ? "put some into a split of their own first" : "--test sets some aside"))
    }
    for note in dataset.notes { say(note.text) }
    let console = Console()
    console.line(
      "\(target): \(splits.train.count) photos to train on, \(splits.validation.count) to validate, "
        + "\(splits.test.count) to test\(count)")
    console.line(
      "next: launch/local \(foldOf == nil ? "train" : "crossval") "
        + "--recipe launch/recipes/photos-lite0.yaml --data \(Paths.shellQuoted(target))"
        + (dataset.hasLabelSets
          ? " --set data.labels=several --set loss.name=binary-cross-entropy" : ""))
  }

  /// Splits that the photos bring are taken as they are, whatever was asked for.
  private func tellOfIdleOptions(_ dataset: Dataset) {
    let hasValidation = dataset.samples.contains { $0.split == .validation }
    if let validation, hasValidation {
      say("--validation \(validation) changes nothing: the photos bring a validation split")
    }
    if let test, test > 0, dataset.hasSplits {
      say("--test \(test) changes nothing: the photos bring splits")
    }
  }
}
