import DataParallel
package import Datasets
package import Evaluation
package import Images
package import MPI
package import NeuralNetworks
package import Tensors

/// Scores the weights of one network by one view of each photo: an `EnsemblePass` with one member.
/// Collective.
package struct EvaluationPass {
  package let network: any Network
  package let dataset: Dataset
  /// Without random transforms.
  package let pipeline: Pipeline
  package let microBatch: Int
  package let loaderThreads: Int
  package let communicator: Communicator
  package let pool: ThreadPool
  /// Called after each atom, for what this rank does on the side.
  package let serve: () throws -> Void

  package init(
    network: any Network, dataset: Dataset, pipeline: Pipeline, microBatch: Int,
    loaderThreads: Int, communicator: Communicator, pool: ThreadPool,
    serving serve: @escaping () throws -> Void = {}
  ) {
    self.network = network
    self.dataset = dataset
    self.pipeline = pipeline
    self.microBatch = microBatch
    self.loaderThreads = loaderThreads
    self.communicator = communicator
    self.pool = pool
    self.serve = serve
  }

  /// Begins to load the samples that this rank is to ask about.
  package func atoms(of samples: [Int]) -> OwnAtoms {
    OwnAtoms(
      of: samples, size: microBatch, by: [pipeline], dataset, threads: loaderThreads,
      passesOverFailures: false, over: communicator)
  }

  /// The scores over all ranks' samples, on every rank; the loss is plain cross-entropy, without smoothing.
  /// Gathers no probabilities.
  ///
  /// - Throws: `PhotoError` on the rank that can't read a photo, `MPIError`.
  package func run(_ atoms: OwnAtoms, weights: FlatStore) throws -> Scores {
    let own = try ownPredictions(atoms, weights: weights)
    let pairs = own.labels.enumerated().map { Int64($1 * own.classes.count + own.predicted($0)) }
    var matrix = ConfusionMatrix(classes: own.classes)
    for pair in try communicator.gatherInOrder(pairs) {
      let (label, predicted) = Int(pair).quotientAndRemainder(dividingBy: own.classes.count)
      matrix.add(label: label, predicted: predicted)
    }
    return Scores(matrix, losses: try communicator.gatherInOrder(own.losses))
  }

  /// What the model says of this rank's atoms.
  private func ownPredictions(_ atoms: OwnAtoms, weights: FlatStore) throws -> Predictions {
    let member = EnsemblePass.Member(network: network, weights: weights, views: .alone(0))
    let pass = EnsemblePass(
      [member], pipelines: [pipeline], dataset: dataset, microBatch: microBatch,
      loaderThreads: loaderThreads, communicator: communicator, pool: pool, serving: serve)
    return try pass.ownPredictions(atoms).all.members[0].averaged
  }
}
