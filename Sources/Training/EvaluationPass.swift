import DataParallel
package import Datasets
import Differentiation
package import Evaluation
import Kernels
package import MPI
package import NeuralNetworks
package import Tensors

/// Evaluates weights on a list of samples, spread over the ranks of a communicator in whole atoms:
/// the same scores, bit for bit, for any number of ranks. Collective.
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
    self.pipeline = pipeline.forEvaluation
    self.microBatch = microBatch
    self.loaderThreads = loaderThreads
    self.communicator = communicator
    self.pool = pool
    self.serve = serve
  }

  /// The scores over all samples, on every rank; the loss is plain cross-entropy, without smoothing.
  /// Gathers the losses alone.
  ///
  /// - Throws: `PhotoError` on the rank that can't read a photo, `MPIError`.
  package func run(_ samples: [Int], weights: FlatStore) throws -> Scores {
    let own = try ownPredictions(samples, weights: weights)
    let matrix = ConfusionMatrix(
      classes: own.classes, counts: try communicator.sum(own.confusionMatrix.counts))
    return Scores(matrix, losses: try communicator.gatherInOrder(own.losses))
  }

  /// What the model says of all samples, in their order, on every rank.
  ///
  /// - Throws: as `run`.
  package func predictions(_ samples: [Int], weights: FlatStore) throws -> Predictions {
    let own = try ownPredictions(samples, weights: weights)
    return Predictions(
      classes: own.classes, samples: samples, labels: samples.map { dataset.samples[$0].label },
      probabilities: try communicator.gatherInOrder(own.probabilities),
      losses: try communicator.gatherInOrder(own.losses))
  }

  /// What the model says of this rank's atoms.
  private func ownPredictions(_ samples: [Int], weights: FlatStore) throws -> Predictions {
    let atoms = microBatches(of: 0..<samples.count, size: microBatch)
    let own = LeafIntervals.even(atoms.count, ranks: communicator.size)[communicator.rank]
    let requests = atoms[own].map { BatchRequest(epoch: 0, positions: $0, of: samples) }
    let loader = try Loader(
      dataset, pipeline, seed: 0, threads: loaderThreads, lookAhead: 4, requests: requests)
    var predictions = Predictions(classes: dataset.classes)
    while let batch = try loader.next() {
      let tape = Tape(Parameters(weights: weights), mode: .evaluation, pool: pool)
      let logits = network(Variable(batch.images, needsGradient: false), on: tape)
      let values = logits.value.values
      let classes = predictions.classes.count
      values.withUnsafeBufferPointer { values in
        for (row, item) in batch.request.items.enumerated() {
          predictions.append(
            sample: item.sample, label: batch.labels[row],
            logits: UnsafeBufferPointer(
              rebasing: values[(row * classes)..<((row + 1) * classes)]))
        }
      }
      try serve()
    }
    return predictions
  }
}
