import Checkpoints
import DataParallel
package import Datasets
import Evaluation
import Files
package import Inference
import Interchange
package import MPI
import NeuralNetworks
import Pretrained
import Recipes
package import Runs
import Tensors
import Timelines
import Training

/// One `tutti probe`: what pretrained weights know of photos, found without training the net. Its body
/// makes features of each photo once; heads are fitted on them, for each fold on the photos of the
/// others.
///
/// The predictions and the checkpoint have the same bits for any number of ranks.
package struct ProbeRun {
  /// What a probe does otherwise than a training: photos are not augmented, and only the regularised
  /// head takes steps, some hundred small ones.
  private static let settings = [
    "augment=[resize, normalize: auto]", "training.epochs=6", "training.global-batch=64",
    "training.micro-batch=64", "optimizer.learning-rate=1e-3",
  ]

  package let folder: RunFolder
  /// On rank 0: as long as the probe lives, its folder is this process's.
  private let lock: RunLock?
  package let checked: CheckedExperiment
  package let pool: FoldedPool
  /// On rank 0, notes on the recipe and on the weights.
  package let notes: [String]
  private let weights: FlatStore
  /// Of each fold, and last of the model's head: those that are fitted, and those that choose the
  /// penalty.
  private let inner: [Splits]
  private let cacheFolder: String?
  private let world: World

  /// Finds the net, reads the data, compares the ranks, and makes the folder. Collective; throws on
  /// all ranks if on one.
  ///
  /// - Parameters:
  ///   - weights: a file, run or checkpoint.
  ///   - model: the net's name; nil for the one that the weights suit.
  ///   - path: of the folder; nil for a new one below `runs`.
  ///   - cache: a folder for features; nil for this user's.
  ///   - settings: of the recipe, as `KEY=VALUE`.
  ///   - isTrial: that nothing is to be written, and so no folder made.
  package static func prepare(
    world: World, photos: String, weights: String, model: String?, path: String?, cache: String?,
    settings: [String], isTrial: Bool = false
  ) throws -> ProbeRun {
    let communicator = world.communicator
    let source = try communicator.onFirst {
      if let path, let kind = try RunFolder(path: path).kindOfModel() {
        throw RunError.isModel(path, kind)
      }
      let asked = try Recipe(
        overrides: WeightsSource.settings(of: weights, among: settings))
      return try WeightsSource(path: weights, averaged: asked.model.averaged)
    }
    let net = try communicator.share { try source?.netSettings(named: model) ?? [] }
    var checked = try CheckedExperiment.read(
      world: world, saved: { nil },
      recipe: { _ in
        let recipe = try Recipe(
          overrides: [
            "data.path=\(Recipe.value(photos))", "model.weights=\(Recipe.value(weights))",
          ] + net + Self.settings + settings)
        try recipe.checkIsForProbe(of: weights)
        return recipe
      }, source: source)
    let experiment = checked.experiment
    let (pool, inner) = try communicator.agree {
      let pool = try experiment.makePool()
      // The model's head leaves out what a training that begins with it will validate with.
      let seen =
        (0..<pool.count).map { pool.indices(outside: $0) } + [try experiment.makeSplits().train]
      return (pool, try seen.map(experiment.innerSplits))
    }
    let notes = try checked.shareInitialWeights(over: communicator)
    var lock: RunLock?
    let folder = RunFolder(
      path: try communicator.share {
        try experiment.checkWeightsAreUnaware(source)
        if isTrial {
          let folder = RunFolder(path: path ?? "runs/probe")
          if path != nil { try folder.checkIsFree() }
          return folder.path
        }
        let folder = try path.map { RunFolder(path: $0) } ?? .claimNext(named: "probe")
        lock = try folder.make()
        return folder.path
      })
    return ProbeRun(
      folder: folder, lock: lock, checked: checked, pool: pool, notes: checked.notes + notes,
      weights: try checked.makeInitialWeights().weights, inner: inner,
      cacheFolder: cache ?? UserCache.folder, world: world)
  }

  /// The features of the pool's photos, in its order.
  package struct FoundFeatures {
    package let features: Features
    /// On rank 0, the file that they were read from; nil when they were computed.
    package let origin: String?
    /// On rank 0, why they can't be read again the next time.
    package let problem: String?
  }

  /// Reads the features from the cache, or computes them, each rank its share. Collective.
  package func findFeatures() throws -> FoundFeatures {
    let communicator = world.communicator
    let key = try cacheKey()
    let cache = cacheFolder.map { FeatureCache(folder: $0, key: key) }
    let known = try communicator.onFirst {
      cache?.read(photos: pool.indices.count, width: checked.experiment.model.features)
    }
    let width = try communicator.share { known?.width ?? 0 }
    if width > 0 {
      let values = try communicator.broadcast(known?.values ?? [], from: 0)
      return FoundFeatures(
        features: Features(width: width, values: values), origin: cache?.path, problem: nil)
    }
    let features = try featurePass.features(pool.indices)
    try communicator.agree { try check(features) }
    var problem: String?
    do {
      if communicator.isFirst { try cache?.write(features) }
      if cache == nil { problem = "neither XDG_CACHE_HOME nor HOME is set; --cache names a folder" }
    } catch {
      problem = "\(error)"
    }
    return FoundFeatures(features: features, origin: nil, problem: problem)
  }

  private var featurePass: EnsemblePass {
    let experiment = checked.experiment
    let member = EnsemblePass.Member(
      network: experiment.model.network, weights: weights, views: .alone(0), preparesWeights: true)
    return EnsemblePass(
      [member], pipelines: [experiment.evaluationPipeline], dataset: experiment.dataset,
      microBatch: experiment.recipe.evaluation.microBatch,
      loaderThreads: experiment.recipe.data.loaderThreads(beside: checked.cores.threads),
      communicator: world.communicator, pool: ThreadPool(threads: checked.cores.threads))
  }

  /// What the features of all photos would take, from an atom of each rank. Collective.
  package func tryOut() throws -> (photos: Int, seconds: Double, peakMemoryBytes: Int) {
    let communicator = world.communicator
    let atom = checked.experiment.recipe.evaluation.microBatch
    let some = Array(pool.indices.prefix(communicator.size * atom))
    try communicator.barrier()
    let clock = ContinuousClock()
    let start = clock.now
    try check(try featurePass.features(some))
    let seconds =
      (clock.now - start) / .seconds(1) * Double(pool.indices.count) / Double(some.count)
    let peak = try communicator.gatherInOrder([Int64(ProcessMemory.peakBytes)]).max() ?? 0
    return (some.count, seconds, Int(peak))
  }

  private func check(_ features: Features) throws(PretrainedError) {
    guard let bad = features.values.firstIndex(where: { !$0.isFinite }) else { return }
    let recipe = checked.experiment.recipe
    let sample = pool.indices[bad / features.width]
    throw .featuresNotFinite(
      recipe.model.weights ?? recipe.model.name,
      photo: checked.experiment.dataset.samples[sample].path)
  }

  /// Everything that the features' bits depend on. Collective.
  private func cacheKey() throws -> String {
    let experiment = checked.experiment
    let communicator = world.communicator
    let share = LeafIntervals.even(
      pool.indices.count, ranks: communicator.size)[communicator.rank]
    let own = try communicator.agree {
      try Activity.during("reading", of: share.count, "photos") { activity in
        try pool.indices[share].map { index in
          defer { activity.advance() }
          return try experiment.dataset.contentDigest(of: index)
        }
      }
    }
    let photos = try communicator.gatherInOrder(Array(own.joined().utf8))
    let settings = experiment.recipe.settings.filter {
      [
        "model.name", "model.image-size", "augment", "data.background", "evaluation.micro-batch",
      ].contains($0.key)
    }
    let parts =
      Fingerprint.process(binary: checked.binary).map(\.value)
      + settings.map { "\($0.key)=\($0.value)" }
      + [weights.digest(without: experiment.model.headNames), Digest.hex(of: photos)]
    return Digest.hex(of: parts.joined(separator: "\0").utf8)
  }

  /// Fits the heads, and writes what came out of them. Collective.
  ///
  /// - Returns: on rank 0.
  package func run(_ features: Features) throws -> ProbeResult? {
    let heads = try ProbeHeads.fit(
      pool, inner: inner, features, checked.experiment, threads: checked.cores.threads,
      world: world)
    defer { withExtendedLifetime(lock) {} }
    return try world.communicator.onFirst { try write(heads) }
  }

  private func write(_ heads: ProbeHeads) throws -> ProbeResult {
    try FileWriting.makeFolder(folder.predictions)
    let result = ProbeResult(
      linear: try writeFolds(heads.linear, steps: heads.iterations, to: folder.outOfFold),
      regularised: try writeFolds(
        heads.regularised, steps: heads.steps, to: folder.outOfFoldRegularised),
      inversePenalties: heads.inversePenalties, inversePenalty: heads.modelInversePenalty)
    try writeCheckpoint(heads, result.linear.outOfFold.scores)
    try FileWriting.replace(folder.scores, withJSON: result)
    try folder.write(checked.experiment.recipe)
    return result
  }

  private func writeFolds(
    _ logits: [[Float]], steps: [Int], to path: String
  ) throws -> CrossvalResult {
    let dataset = checked.experiment.dataset
    let folds = logits.enumerated().map { fold, logits in
      Predictions(of: pool.indices(in: fold), logits: logits, dataset: dataset)
    }
    let (text, predictions) = OutOfFold.merge(folds, pool, dataset: dataset)
    try FileWriting.replace(path, with: Array(text.utf8))
    return CrossvalResult(
      folds.enumerated().map {
        FoldResult(fold: $0, steps: steps[$0], scores: ViewedScores($1.scores))
      }, predictions, groups: dataset.photoGroups(of: predictions.samples))
  }

  /// The net with the head of the training photos: a run's checkpoint, whose score is that of the
  /// folds.
  private func writeCheckpoint(_ heads: ProbeHeads, _ scores: Scores) throws {
    let experiment = checked.experiment
    for entry in weights.layout.entries where experiment.model.headNames.contains(entry.name) {
      let values = entry.kind == .weight ? heads.layer.weight : heads.layer.bias
      precondition(values.count == entry.shape.count, "\(values.count) numbers for \(entry.name)")
      weights.tensor(entry).pointer.update(from: values, count: entry.shape.count)
    }
    var state = experiment.initialState
    state.step = max(1, heads.modelIterations)
    state.epoch = experiment.recipe.training.epochs
    state.best = TrainingState.Best(
      value: scores[experiment.recipe.training.selectBy], step: state.step)
    try folder.writeModel(weights, state)
  }
}
