import DataParallel
import Datasets
import Files
package import MPI
import NeuralNetworks
package import Planning
package import Recipes
import Tensors
import Training

/// What trainings by a recipe would take on a cluster, in every arrangement worth a look: what `tutti plan` finds.
package struct RecipePlan {
  package let checked: CheckedExperiment
  package let cluster: Cluster
  /// Nil for one training.
  package let folds: Int?
  /// To train on, and to validate with: of a fold, if there are any.
  package let photos: (train: Int, validation: Int)
  package private(set) var predictions: [Prediction] = []
  /// By micro-batch.
  package private(set) var costs: [Int: TrainingCosts] = [:]
  /// Micro-batches that this machine has too little memory to measure.
  package private(set) var unmeasured: [Int] = []
  private var planned: [Key: PlannedExperiment] = [:]
  private var memories: [Arrangement: Prediction.Memory] = [:]
  private var arrangements: [Arrangement] = []
  private let start: Double
  private let world: World

  private struct Key: Hashable {
    let microBatch: Int
    let ranks: Int
  }

  /// Reads a recipe and its data, and tells the memory of each arrangement, before anything takes any. For one rank.
  ///
  /// - Parameters:
  ///   - cluster: nil memory for this machine's.
  ///   - folds: whether all folds are trained.
  package static func prepare(
    world: World, on cluster: Cluster, folds: Bool, recipe makeRecipe: () throws -> Recipe
  ) throws -> RecipePlan {
    let clock = ContinuousClock()
    let begun = clock.now
    func recipe(_ saved: SavedRecipe?) throws -> Recipe { try makeRecipe().withoutStaging }
    let ranks = world.communicator.size
    if ranks > 1 { throw AgreedError(PlanError.ranks(ranks)) }
    let checked =
      folds
      ? try CheckedExperiment.readForFolds(
        world: world, teams: nil, saved: { nil }, recipe: recipe)
      : try CheckedExperiment.read(world: world, saved: { nil }, recipe: recipe)
    let count = folds ? try checked.experiment.makePool().count : nil
    let seconds = (clock.now - begun) / .seconds(1)
    return try RecipePlan(checked, on: cluster, folds: count, start: seconds, world)
  }

  private init(
    _ checked: CheckedExperiment, on cluster: Cluster, folds: Int?, start: Double, _ world: World
  ) throws {
    self.checked = checked
    self.cluster = cluster
    self.folds = folds
    self.start = start
    self.world = world
    let training = checked.experiment.recipe.training
    let own = training.microBatch
    let others = [own / 2, 2 * own].filter {
      $0 > 1 && $0 <= training.globalBatch && training.globalBatch % $0 == 0
    }
    let plain = try PlannedExperiment(checked, microBatch: own, ranks: 1, folds: folds)
    photos = (plain.splits.train.count, plain.splits.validation.count)
    let teacher = try checked.teachers?.teacher(of: checked.experiment, over: world.communicator)
    arrangements = Arrangement.all(
      on: cluster, microBatches: [own] + others, folds: folds, threads: training.threads)
    for arrangement in arrangements {
      let key = Key(microBatch: arrangement.microBatch, ranks: arrangement.ranks)
      let planned =
        try self.planned[key]
        ?? PlannedExperiment(
          checked, microBatch: key.microBatch, ranks: key.ranks, folds: folds)
      self.planned[key] = planned
      let most = planned.list.plan.fullStepMicroBatches * arrangement.teams
      if arrangement.ranks > most { continue }
      let limit = limit(ofRanks: arrangement.ranksPerHost)
      let memory = planned.memory(
        teacher: teacher, threads: arrangement.threads,
        // A rank of the smallest team has the most.
        ranks: arrangement.ranks / arrangement.teams
      ).forecast(within: limit)
      memories[arrangement] = Prediction.Memory(
        rankBytes: memory.bytes + planned.keptBytes, recomputed: memory.recomputed, limit: limit)
    }
  }

  /// What a rank may take, of so many on a host: nine tenths, as a training leaves a tenth.
  private func limit(ofRanks ranks: Int) -> Int? {
    let own = checked.experiment.recipe.training.memoryLimit?.bytes
    let host = cluster.memoryBytes.map { Int(0.9 * Double($0)) } ?? checked.memory?.bytes
    let limits = [own, own != nil && cluster.memoryBytes == nil ? nil : host.map { $0 / ranks }]
    return limits.compactMap(\.self).min()
  }

  /// Whether an arrangement has the recipe's results: those of other micro-batches, or of a batch that has grown, differ.
  package func isOwn(_ arrangement: Arrangement) -> Bool {
    let recipe = checked.experiment.recipe.training
    let planned = planned[Key(microBatch: arrangement.microBatch, ranks: arrangement.ranks)]
    return arrangement.microBatch == recipe.microBatch
      && planned?.settings.globalBatch == recipe.globalBatch
  }

  /// The fastest first.
  package var ranked: [Prediction] { Prediction.ranked(predictions, isOwn: isOwn) }

  /// What an arrangement sets in the recipe.
  package func settings(for arrangement: Arrangement) -> [String] {
    let own = checked.experiment.recipe.training
    return
      (arrangement.microBatch == own.microBatch
      ? [] : ["training.micro-batch=\(arrangement.microBatch)"])
      + (arrangement.threads == own.threads ? [] : ["training.threads=\(arrangement.threads)"])
  }

  /// Measures what the parts of a training take with each micro-batch, and tells the time of each arrangement.
  ///
  /// - Parameters:
  ///   - limit: seconds that all may take.
  ///   - freeDisk: bytes; nil where it isn't known.
  package mutating func measure(
    within limit: Double?, freeDisk: Int?
  ) throws {
    for microBatch in Set(memories.keys.map(\.microBatch)).sorted() {
      do {
        costs[microBatch] = try costs(ofMicroBatch: microBatch)
      } catch let error as AgreedError
        where microBatch != checked.experiment.recipe.training.microBatch
      {
        // What this machine has no memory for may be had elsewhere, but isn't known.
        guard error.exitCode == .unusableInput else { throw error }
        unmeasured.append(microBatch)
      }
    }
    for arrangement in arrangements {
      let key = Key(microBatch: arrangement.microBatch, ranks: arrangement.ranks)
      guard let planned = planned[key], let costs = costs[arrangement.microBatch] else {
        continue
      }
      let (runs, work) = (folds ?? 1, planned.work)
      let memory =
        memories[arrangement] ?? Prediction.Memory(rankBytes: 0, recomputed: 0, limit: nil)
      predictions.append(
        Prediction(
          arrangement, on: cluster, folds: folds, costs, work, memory, within: limit,
          diskBytes: runs * planned.settings.checkpointsAtATime * work.checkpointBytes,
          freeDiskBytes: freeDisk))
    }
  }

  private func costs(ofMicroBatch microBatch: Int) throws -> TrainingCosts {
    guard let planned = planned[Key(microBatch: microBatch, ranks: 1)] else {
      preconditionFailure("one rank is always among the arrangements")
    }
    let communicator = world.communicator
    let clock = ContinuousClock()
    let begun = clock.now
    let basis = try planned.checked.basis(
      planned.splits, planned.list, planned.settings, over: communicator)
    let weights = try checked.makeInitialWeights().weights
    let seconds = (clock.now - begun) / .seconds(1)
    let forecast = basis.memory.forecast
    let left = (checked.memory?.bytes ?? .max) - forecast.total
    // Of each pass beside the first.
    let taken =
      forecast.activations
      + checked.experiment.model.layout.gradientCount * MemoryLayout<Float>.stride
    let measured = try CostMeasurement(
      checked.experiment.model, data: basis.data, settings: planned.settings,
      teacher: basis.teacher, memory: basis.memory, weights: weights, over: communicator
    ).costs(
      cores: Cores.usable, crowd: 1 + max(0, left) / taken,
      start: start + seconds)
    // The next has other sizes.
    BufferPool.shared.releaseIdle()
    return measured
  }
}
