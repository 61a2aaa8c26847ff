import Checkpoints
import Datasets
import Files
import Recipes
import Runs
import Tensors

/// Where a training starts.
struct TrainingStart {
  var state: TrainingState
  var checkpoint: Checkpoint?
  var weights: FlatStore?
  /// Checkpoints that were passed over, and why.
  var rejected: [String] = []
  /// Keys of the recipe that were changed and don't affect results.
  var changed: [String] = []
  var origin: ForkOrigin?
  /// The first weights know the classes already.
  var knowsClasses = false
  /// What was done to the first weights.
  var notes: [String] = []
  /// The run's folder is this process's.
  var lock: RunLock?

  /// What rank 0 finds in the run's folder, which is made if need be.
  ///
  /// - Throws: `RunError`, `RecipeError`, `CheckpointError`, `PretrainedError`, `WeightsFileError`,
  ///   `FileError`.
  static func find(
    _ request: RunRequest, _ setup: TrainingRun.Setup, _ checked: CheckedExperiment
  ) throws -> TrainingStart {
    let (folder, experiment) = (setup.folder, setup.experiment)
    if request.goesOn {
      if let origin = request.origin, try ForkOrigin(of: folder)?.isOf(origin) != true {
        throw RunError.notAFork(path: folder.path, origin: origin.path)
      }
      let lock = try RunLock(folder.path)
      try FileWriting.removePartials(in: folder.path)
      var start = try goOn(setup, checked)
      start.lock = lock
      return start
    }
    if let origin = request.origin { return try fork(origin, setup) }
    var start = try begin(checked)
    start.lock = try folder.make()
    try folder.write(experiment.recipe)
    return start
  }

  private static func begin(_ checked: CheckedExperiment) throws -> TrainingStart {
    let first = try checked.makeInitialWeights()
    var start = TrainingStart(state: checked.experiment.initialState, weights: first.weights)
    start.notes = first.notes
    start.knowsClasses = first.knowClasses
    // Weights that were sent to teams are unaware of the photos, or no fold would have begun.
    let seen =
      checked.hasSharedWeights
      ? 0 : try checked.experiment.photosSeen(by: checked.findWeights())
    if seen > 0 {
      start.notes.append(Experiment.note(on: "model.weights", having: seen))
    }
    return start
  }

  private static func goOn(
    _ setup: TrainingRun.Setup, _ checked: CheckedExperiment
  ) throws -> TrainingStart {
    let (folder, experiment) = (setup.folder, setup.experiment)
    let differences = Recipe.differences(
      old: try Recipe(path: folder.recipe, isSaved: true), new: experiment.recipe)
    let serious = differences.filter(\.affectsResults)
    guard serious.isEmpty else {
      throw RunError.recipeChanged(path: folder.path, serious.map(\.description))
    }
    let (checkpoint, rejected) = try folder.checkpoints.newestGood()
    let reasons = rejected.map(\.description)
    var start: TrainingStart
    if let checkpoint {
      guard checkpoint.state.dataDigest == experiment.dataDigest else {
        throw RunError.dataChanged(
          path: folder.path, from: checkpoint.state.classes, to: experiment.dataset.classes)
      }
      guard checkpoint.state.recipeDigest == experiment.recipeDigest else {
        throw RunError.recipeEdited(path: folder.path)
      }
      try setup.check(checkpoint)
      start = TrainingStart(state: checkpoint.state, checkpoint: checkpoint, rejected: reasons)
    } else {
      guard reasons.isEmpty else {
        throw RunError.noGoodCheckpoint(path: folder.path, reasons)
      }
      start = try begin(checked)
    }
    start.changed = differences.map(\.description)
    try folder.write(experiment.recipe)
    try MetricsCut.cut(folder.metrics, after: start.state.step)
    return start
  }

  private static func fork(_ origin: RunFolder, _ setup: TrainingRun.Setup) throws -> TrainingStart
  {
    let (newest, rejected) = try origin.checkpoints.newestGood()
    let reasons = rejected.map(\.description)
    guard let newest else { throw RunError.noGoodCheckpoint(path: origin.path, reasons) }
    let fork = try Fork(of: newest, run: origin, setup)
    let first = try fork.begin()
    return TrainingStart(
      state: first.checkpoint.state, checkpoint: first.checkpoint, rejected: reasons,
      origin: fork.origin, lock: first.lock)
  }
}
