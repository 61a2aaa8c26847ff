import CProcessor
import DataParallel
package import Datasets
import Files
import Images
import Kernels
package import MPI
import Recipes
import Runs

extension Fingerprint {
  /// What has to be equal on all ranks whatever they do.
  static func process(binary: String) -> [(what: String, value: String)] {
    [
      ("the binary", binary),
      ("the CPU's instruction sets", String(cString: tutti_processor_features())),
      ("the BLAS library", BLAS.description),
      ("the JPEG library", LossyLibraries.jpeg),
      ("the WebP library", LossyLibraries.webp),
      ("the C library's mathematics", MathLibrary.description),
    ]
  }
}

extension Dataset {
  /// Rank 0 lists the photos and tells the others; the files of a pack are opened by each rank, and IDX files
  /// read. Collective; throws on all ranks if on one.
  ///
  /// - Parameter model: the path of a model that is asked about the photos; nil where one is trained.
  package static func open(
    path: String, groupBy: String? = nil, severalLabels: Bool? = nil,
    demanding demands: Demands = .all, asking model: String? = nil, over communicator: Communicator
  ) throws -> Dataset {
    let own = try communicator.onFirst {
      do {
        return try open(
          path: path, groupBy: groupBy, severalLabels: severalLabels, demanding: demands)
      } catch let error as any OtherLabels {
        guard let model, let found = error.labelsFound else { throw error }
        throw RunError.otherLabels(model, takesSeveral: severalLabels == true, found: found)
      }
    }
    if let pack = try communicator.share({ own?.pack?.path }) {
      let description = try communicator.onFirst { try own?.pack?.description() }
      let described = try communicator.broadcast(description ?? [], from: 0)
      return try communicator.agree { try own ?? Dataset(packAt: pack, described: described) }
    }
    guard let root = try communicator.share({ own?.root }) else {
      return try communicator.agree { try own ?? open(path: path) }
    }
    let list = try communicator.broadcast(own?.listBytes ?? [], from: 0)
    let twins = try communicator.share { own?.twins ?? [] }
    let dataset = try communicator.agree {
      try own ?? Dataset(list: list, root: root, twins: twins)
    }
    try communicator.agree { try dataset.checkIsHere() }
    return dataset
  }
}

extension Recipe {
  /// What has to hold of the photos to train by it, or to ask a model that was.
  func demands(forTraining isForTraining: Bool = true) -> Dataset.Demands {
    var demands: Dataset.Demands = isForTraining ? .all : .files
    if data.corrupt == .skip { demands.remove(.files) }
    return demands
  }
}

/// What an experiment asks of the ranks that run it.
extension Experiment {
  /// Opens the recipe's data and makes the model, on all ranks. Collective; throws on all if on one.
  ///
  /// - Parameter settle: changes the recipe, given the channels of the images. Collective.
  init(
    _ recipe: Recipe, over communicator: Communicator,
    settling settle: (Recipe, _ channels: Int) throws -> Recipe = { recipe, _ in recipe }
  ) throws {
    let dataset = try Dataset.open(
      path: recipe.data.path, groupBy: recipe.data.groupBy,
      severalLabels: recipe.data.hasSeveralLabels, demanding: recipe.demands(),
      over: communicator)
    let recipe = try settle(recipe, dataset.channels)
    self = try communicator.agree { try Experiment(recipe, dataset: dataset) }
  }

  /// Decodes all photos and leaves out those that can't be, if the recipe says so: a function of the
  /// photos' content alone. Collective; throws on all ranks if on one.
  mutating func leaveOutCorrupt(over world: World) throws {
    guard recipe.data.corrupt == .skip else { return }
    let cores = try Cores(
      over: world.communicator, topology: world.topology, wanted: recipe.training.threads)
    let checks = try PhotoChecks.run(dataset, over: world.communicator, threads: cores.threads)
    try world.communicator.agree(isShared: true) { try checks.checkPack(of: dataset) }
    leaveOut(checks.corrupt)
  }

  /// Makes sure that the ranks run the same with the same, and that the photos are photos, of which
  /// each rank looks at its share. Gives the binary's SHA-256. Collective; throws on all ranks if on
  /// one.
  @discardableResult
  func check(over communicator: Communicator) throws -> String {
    let binary = try compare(over: communicator)
    if recipe.data.corrupt == .skip { return binary }  // All were decoded.
    let shares = LeafIntervals.even(dataset.samples.count, ranks: communicator.size)
    try communicator.agree(isShared: true) {
      try dataset.checkHeaders(shares[communicator.rank])
    }
    return binary
  }

  /// Makes sure that the ranks run the same with the same. Gives the binary's SHA-256. Collective;
  /// throws on all ranks if on one.
  @discardableResult
  func compare(over communicator: Communicator) throws -> String {
    let binary = try communicator.agree { try Digest.hex(ofFile: "/proc/self/exe") }
    let fingerprint = fingerprint(binary: binary)
    try communicator.agree { try fingerprint.compare(over: communicator) }
    return binary
  }

  /// What has to be equal on all ranks: also the keys that affect no result, since they decide when
  /// ranks stop and save together.
  private func fingerprint(binary: String) -> Fingerprint {
    Fingerprint(
      Fingerprint.process(binary: binary) + [("the list of photos", dataDigest)]
        + recipe.settings.map { ($0.key, $0.value) })
  }
}
