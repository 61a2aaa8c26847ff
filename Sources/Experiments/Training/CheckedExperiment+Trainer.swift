import Checkpoints
import DataParallel
import Datasets
import MPI
import Recipes
import Tensors
import Training

extension CheckedExperiment {
  /// The splits, and the list of photos that each epoch trains on. Collective; throws on all ranks if on one.
  func splits(over communicator: Communicator) throws -> (splits: Splits, list: EpochList) {
    try communicator.agree {
      let splits = try experiment.makeSplits()
      let list = try experiment.epochList(of: splits.train)
      let plan = list.plan
      try TooManyRanks.check(
        ranks: communicator.size, leaves: plan.fullStepMicroBatches, globalBatch: plan.fullStep,
        microBatch: plan.microBatch, photos: splits.train.count)
      return (splits, list)
    }
  }

  /// What is made of photos in a training, with its teacher and its plan of memory. Collective; throws on all ranks if on
  /// one.
  ///
  /// - Parameter pipelines: what is made of the photos that are trained on; nil for what the recipe says.
  func basis(
    _ splits: Splits, _ list: EpochList, _ settings: TrainingSettings,
    pipelines: PipelinesByEpoch? = nil, over communicator: Communicator
  ) throws -> TrainingBasis {
    let data = experiment.trainingData(
      splits, list, pipelines: pipelines, threads: cores.threads)
    let teacher = try teachers?.teacher(of: experiment, over: communicator)
    let memory = TrainingMemory(
      of: experiment.model, teacher: teacher, data: data, settings: settings,
      threads: cores.threads, rank: communicator.rank, of: communicator.size)
    return TrainingBasis(
      data: data, settings: settings, teacher: teacher,
      memory: try memory.plan(within: self.memory, over: communicator))
  }

  /// A trainer over these ranks. Collective.
  ///
  /// - Parameters:
  ///   - checkpoint: on the first rank, what `state` comes from, if it is one.
  ///   - weights: on the first rank, those of a first start.
  ///   - store: where checkpoints go; nil for a training that leaves none.
  func trainer(
    _ basis: TrainingBasis, state: TrainingState, checkpoint: Checkpoint? = nil,
    weights: FlatStore?, store: CheckpointStore?,
    over communicator: Communicator, _ status: RankStatus, observers: [any TrainingObserver]
  ) throws -> Trainer {
    try Trainer(
      model: experiment.model, data: basis.data, settings: basis.settings, state: state,
      checkpoint: checkpoint, initialWeights: weights,
      store: store, communicator: communicator, status: status,
      pool: ThreadPool(threads: cores.threads), teacher: basis.teacher, memory: basis.memory,
      observers: observers)
  }
}

extension Experiment {
  /// - Parameters:
  ///   - pipelines: what is made of the photos that are trained on; nil for what the recipe says.
  ///   - threads: of a rank, as many as decode where the recipe doesn't say.
  func trainingData(
    _ splits: Splits, _ list: EpochList, pipelines: PipelinesByEpoch? = nil, threads: Int
  ) -> TrainingData {
    TrainingData(
      dataset: dataset, splits: splits, list: list, pipelines: pipelines ?? self.pipelines,
      evaluationPipeline: evaluationPipeline,
      loaderThreads: recipe.data.loaderThreads(beside: threads))
  }
}

/// What a trainer is made of besides the state that it begins with.
struct TrainingBasis {
  let data: TrainingData
  let settings: TrainingSettings
  let teacher: Teacher?
  let memory: MemoryPlan
}
