import Checkpoints
import DataParallel
import Interchange
import MPI
import Recipes
import Runs
import Tensors

// The folder of a model that no training left.

extension RunFolder {
  /// Makes sure that a new folder can be had, before anything is computed for it. One that was claimed below `runs` is
  /// given back if `body` throws. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - path: nil for a new one below `runs`, called after `name`.
  ///   - body: given the folder; writes into it at its end.
  static func reserved<Made>(
    _ path: String?, named name: String, over communicator: Communicator,
    _ body: (RunFolder) throws -> Made
  ) throws -> Made {
    let folder = RunFolder(
      path: try communicator.share {
        guard let path else { return try claimNext(named: name).path }
        let folder = RunFolder(path: path)
        try folder.checkIsFree()
        return folder.path
      })
    do {
      return try body(folder)
    } catch {
      if path == nil, communicator.isFirst { folder.giveBack() }
      throw error
    }
  }

  /// Makes the folder that of a model with these weights, whose recipe and classes are another's.
  ///
  /// - Parameter best: of the metric that chooses epochs; nil where it isn't known.
  /// - Throws: `RunError`, `RecipeError`, `FileError`, `SafetensorsError`.
  func write(
    _ weights: FlatStore, like model: SharedModel, best: Double?, _ origin: ModelOrigin
  ) throws {
    let lock = try make()
    defer { withExtendedLifetime(lock) {} }
    let recipe = try Recipe(model.trained)
    var state = TrainingState(
      step: max(1, model.state.step), epoch: recipe.training.epochs,
      optimizerSteps: model.state.optimizerSteps, classes: model.state.classes,
      recipeDigest: model.state.recipeDigest, dataDigest: model.state.dataDigest)
    state.best = best.map { TrainingState.Best(value: $0, step: state.step) }
    try writeModel(weights, state)
    try origin.write(to: self)
    try write(recipe)
  }

  /// Writes the folder's one checkpoint.
  ///
  /// - Throws: `FileError`, `SafetensorsError`.
  func writeModel(_ weights: FlatStore, _ state: TrainingState) throws {
    let writer = try checkpoints.begin()
    let file = try writer.safetensors(
      Checkpoint.model, entries: ModelTensors.entries(of: weights.layout))
    try ModelTensors.write(weights, updates: state.optimizerSteps, to: file)
    try writer.commit(state)
  }
}
