package import DataParallel
package import Datasets
package import MPI
package import Recipes
package import Runs
import Tensors
package import Training

/// One `tutti train`, from the recipe to the last checkpoint.
package struct TrainingRun {
  /// What is known before the first step.
  package struct Setup {
    package let experiment: Experiment
    package let splits: Splits
    package let cores: Cores
    package let folder: RunFolder
    /// The binary's SHA-256.
    package let binary: String
  }

  package let setup: Setup
  package let trainer: Trainer
  /// Checkpoints that were passed over on resuming, and why.
  package let rejected: [String]
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package let changed: [String]
  /// Where this run was forked from just now.
  package let origin: ForkOrigin?
  /// On rank 0, notes on the recipe and on pretrained weights.
  package let notes: [String]
  /// On rank 0, what was copied to the hosts, where anything was.
  package let staging: String?
  /// What became of the global batch that was asked for; nil where it is that.
  package let batchNote: String?
  /// How many epochs there is time for; nil without a limit.
  package let limitNote: String?
  /// On the first rank: as long as the run lives, its folder is this process's.
  private let lock: RunLock?

  /// Reads the recipe and data, compares the ranks, opens or makes the run's folder and sets the
  /// trainer up. Collective; throws on all ranks if on one. Only rank 0 looks into the run's folder.
  ///
  /// - Parameters:
  ///   - makeRecipe: makes the recipe, given one that is saved in a run's folder.
  ///   - name: what a new folder below `runs` is called after.
  ///   - seconds: how long a new run may take; nil for as long as its epochs do.
  ///   - observers: made on rank 0, when the experiment is known to be the same on all.
  package static func prepare(
    world: World, recipe makeRecipe: (SavedRecipe?) throws -> Recipe, name: String,
    request: RunRequest, within seconds: Double? = nil,
    observers: (Setup) throws -> [any TrainingObserver]
  ) throws -> TrainingRun {
    var checked = try CheckedExperiment.read(
      world: world, saved: request.savedRecipe,
      recipe: { saved in
        let recipe = try makeRecipe(saved)
        return seconds == nil ? recipe : try saved.map(recipe.keepingEpochs) ?? recipe
      }, growing: true, goingOn: { request.goesOn })
    let communicator = world.communicator
    if let seconds, try communicator.share({ !request.goesOn }) {
      let trial = try checked.trial(over: communicator, world.status) {
        try checked.makeInitialWeights().weights
      }
      let (fitted, note) = try communicator.agree { try checked.fitted(into: seconds, trial) }
      checked = fitted
      checked.limitNote = note
    }
    // A name is taken when nothing but the weights is left to be wrong.
    let folder = RunFolder(
      path: try communicator.share {
        try (request.folder ?? RunFolder.claimNext(named: name)).path
      })
    do {
      return try prepare(
        checked, folder: folder, request: request, over: communicator, world.status,
        observers: observers)
    } catch {
      if request.folder == nil, communicator.isFirst { folder.giveBack() }
      throw error
    }
  }

  /// Opens or makes the run's folder and sets the trainer up, on ranks that have compared the
  /// experiment. Collective; throws on all these ranks if on one.
  ///
  /// - Parameter communicator: all ranks or a team of them; its first rank looks into the run's folder.
  package static func prepare(
    _ checked: CheckedExperiment, folder: RunFolder, request: RunRequest,
    over communicator: Communicator, _ status: RankStatus,
    observers: (Setup) throws -> [any TrainingObserver]
  ) throws -> TrainingRun {
    let (experiment, cores) = (checked.experiment, checked.cores)
    let (splits, list) = try checked.splits(over: communicator)
    let setup = Setup(
      experiment: experiment, splits: splits, cores: cores, folder: folder, binary: checked.binary)
    let basis = try checked.basis(
      splits, list, experiment.trainingSettings(on: splits.train), over: communicator)
    let start = try communicator.onFirst { try TrainingStart.find(request, setup, checked) }
    let state = try communicator.share { start?.state ?? experiment.initialState }
    let teacherNotes = try communicator.onFirst { try checked.teachers?.notes(experiment) ?? [] }
    let watching = try communicator.onFirst { try observers(setup) }
    let trainer = try checked.trainer(
      basis, state: state, checkpoint: start?.checkpoint, weights: start?.weights,
      store: folder.checkpoints,
      over: communicator, status, observers: watching ?? [])
    trainer.validatesStart = try communicator.share { start?.knowsClasses ?? false }
    return TrainingRun(
      setup: setup, trainer: trainer, rejected: start?.rejected ?? [],
      changed: start?.changed ?? [], origin: start?.origin,
      notes: checked.notes + (start?.notes ?? []) + (teacherNotes ?? []),
      staging: communicator.isFirst ? checked.staging : nil,
      batchNote: checked.batchNote, limitNote: checked.limitNote, lock: start?.lock)
  }
}
