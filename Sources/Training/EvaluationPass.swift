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

  package init(
    network: any Network, dataset: Dataset, pipeline: Pipeline, microBatch: Int,
    loaderThreads: Int, communicator: Communicator, pool: ThreadPool
  ) {
    self.network = network
    self.dataset = dataset
    self.pipeline = pipeline.forEvaluation
    self.microBatch = microBatch
    self.loaderThreads = loaderThreads
    self.communicator = communicator
    self.pool = pool
  }

  /// The scores over all samples, on every rank; the loss is plain cross-entropy, without smoothing.
  ///
  /// - Throws: `PhotoError` on the rank that can't read a photo, `MPIError`.
  package func run(_ samples: [Int], weights: FlatStore) throws -> Scores {
    let atoms = microBatches(of: 0..<samples.count, size: microBatch)
    let own = LeafIntervals.even(atoms.count, ranks: communicator.size)[communicator.rank]
    let requests = atoms[own].map { BatchRequest(epoch: 0, positions: $0, of: samples) }
    let loader = try Loader(
      dataset, pipeline, seed: 0, threads: loaderThreads, lookAhead: 4, requests: requests)
    let loss = CrossEntropyLoss(labelSmoothing: 0)
    let classes = dataset.classes.count
    var matrix = ConfusionMatrix(classes: dataset.classes)
    var losses = LossSums()
    while let batch = try loader.next() {
      let tape = Tape(Parameters(weights: weights), mode: .evaluation, pool: pool)
      let logits = network(Variable(batch.images, needsGradient: false), on: tape)
      let sums = loss(logits, labels: batch.labels, on: tape)
      losses.append(loss: sums.loss, weight: sums.weight)
      let values = logits.value.values
      values.withUnsafeBufferPointer { values in
        for (row, label) in batch.labels.enumerated() {
          let scores = UnsafeBufferPointer(
            rebasing: values[(row * classes)..<((row + 1) * classes)])
          matrix.add(label: label, predicted: ConfusionMatrix.prediction(scores))
        }
      }
    }
    let counts = try communicator.sum(matrix.counts)
    let all = LossSums(numbers: try communicator.gatherInOrder(losses.numbers))
    return Scores(ConfusionMatrix(classes: dataset.classes, counts: counts), loss: all.mean)
  }
}
