import Checkpoints
import Datasets
import Interchange
import NeuralNetworks
import Optimizers
import Recipes
import Runs
import Tensors
import Training

/// A new run that begins with the weights, the optimiser's moments and the place in the schedule of
/// another run's checkpoint, under another recipe.
struct Fork {
  let origin: ForkOrigin
  private let setup: TrainingRun.Setup
  private let checkpoint: Checkpoint
  private let state: TrainingState
  private let carriesAverage: Bool

  /// - Parameters:
  ///   - checkpoint: the newest good one of `run`.
  ///   - setup: of the new run.
  /// - Throws: `RunError` when the run can't go on so; `RecipeError`.
  init(of checkpoint: Checkpoint, run: RunFolder, _ setup: TrainingRun.Setup) throws {
    self.checkpoint = checkpoint
    self.setup = setup
    let experiment = setup.experiment
    let old = try Recipe(path: run.recipe, isSaved: true)
    let differences = Recipe.differences(old: old, new: experiment.recipe)
    if let change = differences.first(where: { $0.key == "optimizer.name" }) {
      throw RunError.otherOptimizer(path: run.path, old: change.old, new: change.new)
    }
    var state = checkpoint.state
    guard state.classes == experiment.dataset.classes else {
      throw RunError.classes(
        model: state.classes, data: experiment.dataset.classes, path: experiment.recipe.data.path)
    }
    guard state.epoch < experiment.recipe.training.epochs else {
      throw RunError.forkAtTheEnd(path: run.path, epochs: state.epoch)
    }
    origin = ForkOrigin(run: run, step: state.step, changed: differences.map(\.description))
    // The best value was another recipe's, perhaps of other photos, and its checkpoint stays there.
    state.judgeAnew(keepingFactor: experiment.recipe.plateau != nil)
    if differences.contains(where: {
      $0.key == "training.precision" || $0.key == "training.loss-scale"
    }) {
      state.forgetLossScale()
    }
    state.forgetNonFinite(under: experiment.recipe.training.onNonFinite)
    let hasOtherSteps =
      state.dataDigest != experiment.dataDigest || differences.contains(where: \.changesSteps)
    if hasOtherSteps {
      // The place inside the epoch means nothing in another list: the epoch begins again.
      try state.restartEpoch(ofSteps: setup.stepsPerEpoch)
    } else {
      try setup.check(checkpoint)
    }
    guard state.step > 0 else { throw RunError.forkInFirstEpoch(path: run.path) }
    // An average of another kind, or of other epochs, begins anew.
    let (average, former) = (experiment.recipe.average.rule, old.average.rule)
    carriesAverage =
      average != nil && checkpoint.roles.contains(.averaged)
      && !differences.contains { $0.key == "average.name" }
      && (average as? StochasticWeightAverage)?.firstEpoch
        == (former as? StochasticWeightAverage)?.firstEpoch
    if !carriesAverage { state.averageUpdates = 0 }
    state.recipeDigest = experiment.recipeDigest
    state.dataDigest = experiment.dataDigest
    self.state = state
  }

  /// Makes the run's folder, whose first checkpoint is the other run's. The recipe is written last,
  /// since it is what makes the folder a run's: after a kill, the same command begins anew.
  ///
  /// - Throws: `SafetensorsError` when the weights are another model's; `RunError`, `FileError`.
  func begin() throws -> (checkpoint: Checkpoint, lock: RunLock) {
    let (folder, experiment) = (setup.folder, setup.experiment)
    let layout = experiment.model.layout
    let weights = FlatStore.weights(layout)
    try checkpoint.readWeights(into: weights)
    let lock = try folder.make()
    let writer = try folder.checkpoints.begin()
    let model = try writer.safetensors(Checkpoint.model, entries: ModelTensors.entries(of: layout))
    try ModelTensors.write(weights, updates: state.optimizerSteps, to: model)
    if carriesAverage {
      try checkpoint.readWeights(.averaged, into: weights)
      let average = try writer.safetensors(
        Checkpoint.fileName(of: .averaged), entries: ModelTensors.entries(of: layout))
      try ModelTensors.write(weights, updates: state.optimizerSteps, to: average)
    }
    let slots = experiment.trainingSettings.optimizer.momentNames
    let moments = try writer.safetensors(
      Checkpoint.optimizer, entries: OptimizerTensors.entries(of: layout, slots: slots))
    let old = try checkpoint.open(Checkpoint.optimizer)
    // The weights are written: their store can hold the moments, one by one.
    try withExtendedLifetime(weights) {
      for slot in slots {
        for entry in OptimizerTensors.parameters(of: layout) {
          let values = weights.pointer + entry.offset
          try OptimizerTensors.read(slot, of: entry, from: old, into: values)
          try moments.write(entry, values)
        }
      }
    }
    let first = try writer.commit(state)
    try origin.write(to: folder)
    try folder.write(experiment.recipe)
    return (first, lock)
  }
}

extension TrainingRun.Setup {
  fileprivate var stepsPerEpoch: Int {
    get throws { try experiment.plan(ofPhotos: splits.train.count).stepsPerEpoch }
  }

  /// Throws where the checkpoint's counts can't be of this training, which takes them for places in its
  /// lists.
  func check(_ checkpoint: Checkpoint) throws {
    let state = checkpoint.state
    guard state.classes == experiment.dataset.classes else {
      throw RunError.classes(
        model: state.classes, data: experiment.dataset.classes, path: experiment.recipe.data.path)
    }
    let length = try stepsPerEpoch
    let (whole, overflow) = state.epoch.multipliedReportingOverflow(by: length)
    guard !overflow, state.stepInEpoch < length, state.step - state.stepInEpoch == whole
    else {
      throw CheckpointError(
        path: checkpoint.path, file: StateFile.name,
        problem: .otherSteps(
          step: state.step, epoch: state.epoch, inEpoch: state.stepInEpoch, of: length))
    }
  }
}

extension Recipe.Difference {
  /// Whether it changes which photos a step has.
  fileprivate var changesSteps: Bool {
    affectsResults
      && (key.hasPrefix("data.") || key.hasPrefix("crossval.")
        || ["training.global-batch", "training.micro-batch", "training.seed"].contains(key))
  }
}
