import Checkpoints
import Tensors

/// Where a training starts: rank 0's finding in the run's folder, which it makes if need be.
struct Start {
  var state: TrainingState
  private(set) var checkpoint: Checkpoint?
  private(set) var weights: FlatStore?
  private(set) var rejected: [String] = []
  private(set) var changed: [String] = []
  private(set) var origin: ForkOrigin?
  /// What was done to the first weights.
  private(set) var notes: [String] = []

  init(_ state: TrainingState) { self.state = state }

  /// - Throws: `RunError`, `RecipeError`, `CheckpointError`, `PretrainedError`, `WeightsFileError`,
  ///   `FileError`.
  init(_ request: RunRequest, _ setup: TrainingRun.Setup, _ sound: SoundExperiment) throws {
    let (folder, experiment) = (setup.folder, setup.experiment)
    state = experiment.initialState
    if request.goesOn {
      if let origin = request.origin, try ForkOrigin(of: folder)?.run != origin.path {
        throw RunError.notAFork(path: folder.path, origin: origin.path)
      }
      try goOn(in: folder, experiment, sound)
    } else if let origin = request.origin {
      try fork(origin, setup)
    } else {
      try begin(sound)
      try folder.make()
      try folder.write(experiment.recipe)
    }
  }

  private mutating func begin(_ sound: SoundExperiment) throws {
    let first = try sound.makeInitialWeights()
    weights = first.weights
    notes = first.notes
    let seen = try sound.experiment.photosSeenByWeights()
    if seen > 0 {
      notes.append(
        "model.weights was trained on \(seen) of the photos that validate or test here, so scores are "
          + "too good; give both the same data.validation, data.test and data.split-seed")
    }
  }

  private mutating func goOn(
    in folder: RunFolder, _ experiment: Experiment, _ sound: SoundExperiment
  ) throws {
    let differences = Recipe.differences(
      old: try Recipe(path: folder.recipe), new: experiment.recipe)
    let serious = differences.filter(\.affectsResults)
    guard serious.isEmpty else {
      throw RunError.recipeChanged(path: folder.path, serious.map(\.description))
    }
    changed = differences.map(\.description)
    try findCheckpoint(in: folder)
    if let checkpoint {
      guard checkpoint.state.dataDigest == experiment.dataDigest else {
        throw RunError.dataChanged(path: folder.path)
      }
      guard checkpoint.state.recipeDigest == experiment.recipeDigest else {
        throw RunError.recipeEdited(path: folder.path)
      }
      state = checkpoint.state
    } else {
      guard rejected.isEmpty else {
        throw RunError.noGoodCheckpoint(path: folder.path, rejected)
      }
      try begin(sound)
    }
    try folder.write(experiment.recipe)
    try MetricsCut.cut(folder.metrics, after: state.step)
  }

  private mutating func fork(_ origin: RunFolder, _ setup: TrainingRun.Setup) throws {
    try findCheckpoint(in: origin)
    guard let old = checkpoint else {
      throw RunError.noGoodCheckpoint(path: origin.path, rejected)
    }
    let fork = try Fork(of: old, run: origin, setup)
    let first = try fork.begin()
    self.origin = fork.origin
    state = first.state
    checkpoint = first
  }

  private mutating func findCheckpoint(in folder: RunFolder) throws {
    let (newest, rejected) = try folder.checkpoints.newestGood()
    checkpoint = newest
    self.rejected = rejected.map(\.description)
  }
}
