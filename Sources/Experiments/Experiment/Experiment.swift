package import Checkpoints
import DataParallel
package import Datasets
import Files
package import Images
package import NeuralNetworks
import Optimizers
import Pretrained
package import Recipes
import Tensors
package import Training

/// A recipe made into objects, the same on every rank.
package struct Experiment {
  package let recipe: Recipe
  package private(set) var dataset: Dataset
  /// What is made of photos that are trained on.
  package let pipelines: PipelinesByEpoch
  /// What is made of all others: the same without what is random.
  package let evaluationPipeline: Pipeline
  package let model: NeuralNetworks.Model
  let fineTuning: FineTuning
  /// SHA-256 of the keys that affect results.
  package let recipeDigest: String
  /// SHA-256 of the list of photos, and of what is left out of it.
  package private(set) var dataDigest: String
  /// Photos that are in no split because they can't be decoded, ascending.
  package private(set) var leftOut: [Int] = []

  /// Opens the data and makes the model.
  ///
  /// - Throws: `RecipeError`, `FolderError`, `IDXError`, `PipelineError`.
  package init(_ recipe: Recipe) throws {
    try self.init(
      recipe,
      dataset: Dataset.open(
        path: recipe.data.path, groupBy: recipe.data.groupBy,
        severalLabels: recipe.data.hasSeveralLabels, demanding: recipe.demands()))
  }

  /// The same with data that are open already.
  init(_ recipe: Recipe, dataset: Dataset) throws {
    self.recipe = recipe
    self.dataset = dataset.decoded(by: recipe.data.decoding)
    let channels = dataset.channels
    pipelines = try PipelinesByEpoch(recipe, size: dataset.imageSize, channels: channels)
    evaluationPipeline = try Pipeline(
      recipe.augment.withoutRandom, size: dataset.imageSize, channels: channels)
    let image = evaluationPipeline.shape
    guard image[0] == recipe.model.imageSize, image[1] == recipe.model.imageSize else {
      throw recipe.error(
        at: "model.image-size",
        "the photos come out of augment as \(image[1])×\(image[0]) pixels, not "
          + "\(recipe.model.imageSize); add {resize: \(recipe.model.imageSize)} to augment")
    }
    model = try recipe.makeModel(channels: channels, classes: dataset.classes.count)
    fineTuning = try FineTuning(recipe, model: model)
    recipeDigest = Digest.hex(of: recipe.resultText.utf8)
    dataDigest = Digest.hex(of: dataset.identityBytes)
    try checkFactors()
    try checkMetrics()
  }

  /// From which probability on a photo has each class, where it may have several; nil where it has one.
  var thresholds: [Double]? {
    recipe.data.hasSeveralLabels ? recipe.evaluation.thresholds(of: dataset.classes) : nil
  }

  /// But for what the loss has to know of the photos that are trained on.
  package var trainingSettings: TrainingSettings {
    TrainingSettings(
      epochs: recipe.training.epochs, maxSteps: recipe.training.maxSteps,
      globalBatch: recipe.training.globalBatch, microBatch: recipe.training.microBatch,
      seed: UInt64(recipe.training.seed),
      mixing: recipe.mixing, loss: recipe.loss.rule, optimizer: recipe.optimizer.rule,
      learningRate: recipe.peakLearningRate, schedule: recipe.schedule.rule,
      clipping: GradientClipping(
        maximumNorm: recipe.optimizer.clipNorm, maximumValue: recipe.optimizer.clipValue),
      onNonFinite: recipe.training.onNonFinite,
      batchNormMomentum: recipe.training.batchNormMomentum, precision: recipe.training.precision,
      lossScaling: recipe.training.lossScaling,
      recompute: recipe.training.recompute,
      average: recipe.average.rule,
      deciding: recipe.average.deciding, fineTuning: fineTuning,
      evaluationMicroBatch: recipe.evaluation.microBatch, thresholds: thresholds,
      epochRules: recipe.epochRules,
      checkpointSteps: recipe.checkpoint.everySteps,
      checkpointMinutes: recipe.checkpoint.everyMinutes, keptCheckpoints: recipe.checkpoint.keep)
  }

  /// For a training on these photos.
  package func trainingSettings(on train: [Int]) -> TrainingSettings {
    var settings = trainingSettings
    settings.loss = recipe.loss.rule(
      of: dataset.classes, counts: dataset.classCounts(of: train), photos: train.count)
    return settings
  }

  /// How many parameters are frozen, from which epoch on, counted from 0.
  package var frozenParameters: [(firstEpoch: Int, count: Int)] {
    fineTuning.phases.map { phase in
      let count = model.layout.entries.reduce(0) { count, entry in
        entry.kind != .statistic && phase.frozen.contains(entry.name)
          ? count + entry.shape.count : count
      }
      return (phase.firstEpoch, count)
    }
  }

  /// Sets the validation and test photos apart, and those of `crossval.fold`. What is left out leaves
  /// all others where they would be with it.
  ///
  /// - Throws: `SplitError`, `FoldError`.
  package func makeSplits() throws -> Splits {
    let splits = try allSplits().without(leftOut)
    let trained = Set(splits.train.flatMap { dataset.samples[$0].labels })
    if !leftOut.isEmpty, let label = dataset.classes.indices.first(where: { !trained.contains($0) })
    {
      throw SplitError.onlyCorrupt(dataset.classes[label])
    }
    if isWeightless(splits.train) { throw SplitError.weightless(recipe.data.path, fold: nil) }
    try checkMetrics(validating: splits.validation.count)
    return splits
  }

  /// The same with what is left out.
  func allSplits() throws -> Splits {
    guard let fold = recipe.crossval.fold else { return try wholeSplits() }
    let pool = try wholePool()
    guard fold < pool.count else {
      throw recipe.error(
        at: "crossval.fold", "there is no fold \(fold): the photos have \(pool.count), from 0")
    }
    let inner = try innerSplits(of: pool.indices(outside: fold))
    return Splits(train: inner.train, validation: inner.validation, test: pool.test)
  }

  /// Sets photos apart, of those that a fold's model may see, to choose its epoch by.
  ///
  /// - Throws: `RecipeError`, `SplitError`.
  func innerSplits(of indices: [Int]) throws -> Splits {
    let share = recipe.crossval.select == .best ? recipe.crossval.validation : 0
    do {
      return try dataset.cut(
        indices, validation: share, test: 0, seed: UInt64(recipe.crossval.seed))
    } catch .empty {
      throw recipe.error(
        at: "crossval.validation",
        "a share of \(share) of \(indices.count) training photos comes to none; raise it, or take the "
          + "last epoch with crossval.select: last")
    }
  }

  private func wholeSplits() throws -> Splits {
    try checkShares()
    return try dataset.split(
      validation: recipe.data.validation, test: recipe.data.test,
      seed: UInt64(recipe.data.splitSeed))
  }

  /// A share in a recipe's file may be meant for other photos; one on the command line is not.
  private func checkShares() throws(SplitError) {
    let given = Set(dataset.samples.lazy.compactMap(\.split))
    for (split, isIdle) in [
      (Split.validation, given.contains(.validation)), (.test, !given.isEmpty),
    ] where isIdle {
      let setting = recipe["data.\(split.rawValue)"]
      if let setting, setting.place?.hasPrefix("--set") == true {
        throw .idle(split, share: setting.value)
      }
    }
  }

  /// The photos of a cross-validation: all but the test photos, in folds. What is left out moves no
  /// other photo.
  ///
  /// - Throws: `SplitError`, `FoldError`.
  package func makePool() throws -> FoldedPool {
    let pool = try wholePool().without(leftOut)
    for fold in 0..<pool.count {
      if pool.indices(in: fold).isEmpty { throw FoldError.empty(fold) }
      if isWeightless(pool.indices(outside: fold)) {
        throw SplitError.weightless(recipe.data.path, fold: fold)
      }
      let seen = Set(pool.indices(outside: fold).flatMap { dataset.samples[$0].labels })
      if let label = dataset.classes.indices.first(where: { !seen.contains($0) }) {
        throw FoldError.untrained(dataset.classes[label], fold: fold)
      }
    }
    return pool
  }

  /// Whether nothing can be learned from these photos.
  private func isWeightless(_ indices: [Int]) -> Bool {
    !indices.isEmpty && indices.allSatisfy { dataset.samples[$0].weight == 0 }
  }

  private func wholePool() throws -> FoldedPool {
    let splits = try wholeSplits()
    let indices = (splits.train + splits.validation).sorted()
    let hasFolds = dataset.samples.contains { $0.fold != nil }
    let folds = try dataset.folds(
      of: indices, count: recipe.crossval.folds ?? (hasFolds ? nil : 5),
      seed: UInt64(recipe.crossval.seed))
    return FoldedPool(
      indices: indices, folds: folds, count: (folds.max() ?? -1) + 1, test: splits.test)
  }

  /// The same, as the run that holds out one of `count` folds.
  package func holdingOut(fold: Int, of count: Int) throws -> Experiment {
    try reading(recipe.with(["crossval.folds=\(count)", "crossval.fold=\(fold)"]))
  }

  /// The same photos by another recipe.
  func reading(_ recipe: Recipe) throws -> Experiment {
    var experiment = try Experiment(recipe, dataset: dataset)
    experiment.leaveOut(leftOut)
    return experiment
  }

  /// Reads the photos from a copy from now on, of which nothing else is changed.
  mutating func read(from copy: Dataset) { dataset = copy }

  /// Leaves these photos out of all splits.
  mutating func leaveOut(_ indices: [Int]) {
    leftOut = indices
    if indices.isEmpty { return }
    let paths = indices.map { dataset.samples[$0].path + "\0" }.joined()
    dataDigest = Digest.hex(of: dataset.identityBytes + Array(paths.utf8))
  }

  /// The weights before the first step: those that the recipe names, or drawn from the seed. With
  /// what was done to them, for the log, and whether they know the classes already, head and all.
  ///
  /// - Parameter source: what the recipe names.
  /// - Throws: `PretrainedError`, `WeightsFileError`, `RunError`, `CheckpointError`, `FileError`.
  func initialWeights(from source: WeightsSource?) throws -> FirstWeights {
    let seed = UInt64(recipe.training.seed)
    guard let source else {
      // Other ranks of the host wait for these, so all of its cores are free.
      return (
        model.initialWeights(seed: seed, pool: ThreadPool(threads: Cores.usable)), [], false
      )
    }
    if let noted = recipe.model.weightsDigest, noted != source.digest {
      throw PretrainedError.changed(source.path, noted: noted, found: source.digest)
    }
    let pretrained = try PretrainedWeights(
      source, into: model, named: recipe.model.name, classes: dataset.classes, seed: seed,
      loading: recipe.model.loading)
    return (pretrained.weights, pretrained.notes, pretrained.hasWholeHead)
  }

  typealias FirstWeights = (weights: FlatStore, notes: [String], knowClasses: Bool)

  /// The state before the first step.
  package var initialState: TrainingState {
    TrainingState(
      classes: dataset.classes, recipeDigest: recipeDigest, dataDigest: dataDigest)
  }
}
