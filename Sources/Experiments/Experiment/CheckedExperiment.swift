package import DataParallel
import Datasets
import Files
import Kernels
import MPI
import NeuralNetworks
import Pretrained
import Recipes
import Tensors

/// An experiment that all ranks have read and found to be the same, and the cores that they have for
/// it.
package struct CheckedExperiment {
  package private(set) var experiment: Experiment
  package let cores: Cores
  /// What a rank may take of its host's memory; nil where the system doesn't tell.
  package let memory: MemoryShare?
  /// The binary's SHA-256.
  package let binary: String
  /// On rank 0, notes on the recipe and its weights.
  package let notes: [String]
  /// What was copied to the hosts, where anything was.
  package let staging: String?
  /// What the recipe's `loss.teacher` names.
  let teachers: Teachers?
  /// What became of the global batch that was asked for; nil where it is that.
  let batchNote: String?
  /// How many epochs there is time for; nil without a limit.
  package var limitNote: String?
  /// On rank 0, what the recipe's `model.weights` names, if it was looked at: it is read once a start.
  private let source: WeightsSource?
  /// The weights before the first step, where they had to be sent: only rank 0 can read their file.
  private var initialWeights: FlatStore?

  /// Reads the recipe and the data, compares the ranks and checks the photos. Collective; throws on
  /// all ranks if on one. Only rank 0 looks into the run's folder.
  ///
  /// - Parameters:
  ///   - findRecipe: on rank 0, the recipe that is saved in a run's folder.
  ///   - makeRecipe: makes the recipe, given that.
  ///   - grows: whether the global batch grows to the ranks, if the recipe says so.
  ///   - goesOn: on rank 0, whether the run that has the saved recipe goes on, and isn't forked.
  ///   - source: on rank 0, what the recipe's `model.weights` names, if it was looked at before.
  static func read(
    world: World, saved findRecipe: () throws -> SavedRecipe?,
    recipe makeRecipe: (SavedRecipe?) throws -> Recipe, growing grows: Bool = false,
    goingOn goesOn: () throws -> Bool = { false },
    source: WeightsSource? = nil
  ) throws -> CheckedExperiment {
    let communicator = world.communicator
    let saved = try communicator.share(findRecipe)
    let goesOn = try communicator.share(goesOn)
    let asked = try communicator.agree { try makeRecipe(saved) }
    let (recipe, batchNote) = try communicator.agree {
      grows
        ? try asked.grown(toRanks: communicator.size, by: saved, goesOn: goesOn) : (asked, nil)
    }
    var (notes, source) = ([String](), source)
    var teachers: Teachers?
    var experiment = try Experiment(recipe, over: communicator) { recipe, channels in
      let settled = try recipe.settled(
        by: saved, source: &source, channels: channels, over: communicator)
      notes = settled.notes
      let taught = try Teachers.find(of: settled.recipe, over: communicator)
      teachers = taught?.teachers
      return taught?.recipe ?? settled.recipe
    }
    try communicator.agree { try teachers?.check(experiment) }
    let binary = try experiment.check(over: communicator)
    let staging = try communicator.agree {
      try Staging(experiment.dataset, experiment.recipe.data)
    }
    let staged = try staging?.run(over: world)
    if let staged { experiment.read(from: staged.dataset) }
    try experiment.leaveOutCorrupt(over: world)
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    let loaders = experiment.recipe.data.loaderThreads(beside: cores.threads)
    let addresses =
      cores.threads * BLAS.bytesPerThread + (cores.threads + loaders) * SystemThread.addresses
    // Before any rank takes what its training needs.
    let memory =
      experiment.recipe.training.memoryLimit
      .map { MemoryShare(bytes: $0.bytes, source: "training.memory-limit") }
      ?? MemoryShare(on: world.topology, addresses: addresses)
    world.status.memoryLimit = memory.map {
      RankStatus.MemoryNote(bytes: $0.bytes, text: $0.description)
    }
    try communicator.barrier()
    return CheckedExperiment(
      experiment: experiment, cores: cores, memory: memory, binary: binary, notes: notes,
      staging: staged?.note, teachers: teachers, batchNote: batchNote, source: source)
  }

  /// The same ranks with another experiment on the same data.
  func with(_ other: Experiment) -> CheckedExperiment {
    var checked = self
    checked.experiment = other
    return checked
  }

  /// The same photos by another recipe, on some of the ranks. Collective over these; throws on all of them if on one.
  func reading(_ recipe: Recipe, over communicator: Communicator) throws -> CheckedExperiment {
    var source: WeightsSource?
    let settled = try recipe.settled(
      by: nil, source: &source, channels: experiment.dataset.channels, over: communicator)
    let taught = try Teachers.find(of: settled.recipe, over: communicator)
    let own = try communicator.agree {
      let own = try experiment.reading(taught?.recipe ?? settled.recipe)
      try taught?.teachers.check(own)
      return own
    }
    return CheckedExperiment(
      experiment: own, cores: cores, memory: memory, binary: binary, notes: settled.notes,
      staging: staging, teachers: taught?.teachers, batchNote: nil, source: source)
  }

  /// On rank 0, what the recipe's `model.weights` names; nil for none.
  func findWeights() throws -> WeightsSource? {
    let asked = experiment.recipe.model
    return try source
      ?? asked.weights.map { try WeightsSource(path: $0, averaged: asked.averaged) }
  }

  /// Sends the first weights to all ranks, any of which may come to lead a team, on hosts without the file.
  /// Collective; throws on all ranks if on one.
  ///
  /// - Returns: on rank 0, what was done to them.
  mutating func shareInitialWeights(
    over communicator: Communicator
  ) throws -> [String] {
    let own = try communicator.onFirst { try experiment.initialWeights(from: findWeights()) }
    let weights = own?.weights ?? FlatStore.weights(experiment.model.layout)
    try communicator.broadcast(weights)
    initialWeights = weights
    return own?.notes ?? []
  }

  /// Whether the first weights were sent here, so that nobody need look at their file.
  var hasSharedWeights: Bool { initialWeights != nil }

  /// The weights before the first step, and what was done to them.
  func makeInitialWeights() throws -> Experiment.FirstWeights {
    guard let shared = initialWeights else {
      return try experiment.initialWeights(from: findWeights())
    }
    return (shared.copy(), [], false)
  }
}
