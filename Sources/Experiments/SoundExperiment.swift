import MPI

/// An experiment that all ranks have read and found to be the same, and the cores that they have for
/// it.
package struct SoundExperiment {
  package let experiment: Experiment
  package let cores: Cores
  /// The binary's SHA-256.
  package let binary: String

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
    var experiment = try Experiment(over: communicator) {
      try makeRecipe(recipePath.isEmpty ? nil : (recipeText, recipePath))
    }
    binary = try experiment.check(over: communicator)
    try experiment.leaveOutCorrupt(over: world)
    cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    self.experiment = experiment
  }

  private init(_ experiment: Experiment, cores: Cores, binary: String) {
    self.experiment = experiment
    self.cores = cores
    self.binary = binary
  }

  /// The same ranks with another experiment on the same data.
  func with(_ other: Experiment) -> SoundExperiment {
    SoundExperiment(other, cores: cores, binary: binary)
  }
}
