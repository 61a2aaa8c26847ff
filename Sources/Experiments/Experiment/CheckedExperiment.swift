import MPI
import NeuralNetworks
import Tensors

/// An experiment that all ranks have read and found to be the same, and the cores that they have for
/// it.
package struct SoundExperiment {
  package private(set) var experiment: Experiment
  package let cores: Cores
  /// The binary's SHA-256.
  package let binary: String
  /// On rank 0, what is to be told of the recipe and its weights.
  package let notes: [String]
  /// The weights before the first step, where they had to be sent: only rank 0 can read their file.
  private(set) var initialWeights: FlatStore?

  /// Reads the recipe and the data, compares the ranks and checks the photos. Collective; throws on
  /// all ranks if on one. Only rank 0 looks into the run's folder.
  ///
  /// - Parameters:
  ///   - findRecipe: on rank 0, the recipe that is saved in a run's folder, and its path.
  ///   - makeRecipe: makes the recipe, given that.
  init(
    world: World, saved findRecipe: () throws -> (text: String, path: String)?,
    recipe makeRecipe: (_ saved: (text: String, path: String)?) throws -> Recipe
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    let saved = try communicator.agree(isShared: true) { isFirst ? try findRecipe() : nil }
    let recipeText = try communicator.broadcast(saved?.text ?? "", from: 0)
    let recipePath = try communicator.broadcast(saved?.path ?? "", from: 0)
    let known = recipePath.isEmpty ? nil : (text: recipeText, path: recipePath)
    let recipe = try communicator.agree { try makeRecipe(known) }
    var notes: [String] = []
    var experiment = try Experiment(recipe, over: communicator) { recipe, channels in
      let (settled, found) = try recipe.settled(by: known, channels: channels, over: communicator)
      notes = found
      return settled
    }
    self.notes = notes
    binary = try experiment.check(over: communicator)
    try experiment.leaveOutCorrupt(over: world)
    cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    self.experiment = experiment
  }

  /// The same ranks with another experiment on the same data.
  func with(_ other: Experiment) -> SoundExperiment {
    var sound = self
    sound.experiment = other
    return sound
  }

  /// Sends the first weights to ranks that lead teams, which may be on hosts without the file.
  /// Collective; throws on all ranks if on one.
  ///
  /// - Returns: on rank 0, what was done to them.
  mutating func shareInitialWeights(
    over communicator: Communicator, keeping isLeader: Bool
  ) throws -> [String] {
    let own = try communicator.agree(isShared: true) {
      communicator.rank == 0 ? try experiment.initialWeights() : nil
    }
    let weights = own?.weights ?? FlatStore.weights(experiment.model.layout)
    try communicator.broadcast(weights.pointer, count: weights.count, from: 0)
    if isLeader { initialWeights = weights }
    return own?.notes ?? []
  }

  /// The weights before the first step, and what was done to them.
  func makeInitialWeights() throws -> (weights: FlatStore, notes: [String]) {
    guard let shared = initialWeights else { return try experiment.initialWeights() }
    let weights = FlatStore.weights(shared.layout)
    weights.pointer.update(from: shared.pointer, count: shared.count)
    return (weights, [])
  }
}
