package import Datasets
package import Differentiation
import Kernels
package import NeuralNetworks
package import Tensors

/// What one forward and backward pass is made over.
package struct MicroBatch {
  /// `[N,H,W,C]`
  package let images: Tensor
  package let targets: Targets
  /// What dropout draws from; nil turns it off.
  package let randomness: Randomness?

  package init(images: Tensor, targets: Targets, randomness: Randomness? = nil) {
    self.images = images
    self.targets = targets
    self.randomness = randomness
  }
}

extension Targets {
  /// What some of a dataset's photos are in training: with their weights and soft labels, if they have any.
  package init(of samples: [Int], in dataset: Dataset) {
    self.init(
      samples.map { dataset.samples[$0].label }, softLabels: dataset.softLabels(of: samples),
      weights: dataset.weights(of: samples))
  }
}

/// One forward and backward pass over a micro-batch, the leaf of the gradient's sum: overwrites
/// `gradient` with the gradient of the summed loss, the statistics and the tail.
///
/// - Parameters:
///   - frozen: names of parameters and statistics whose places in the gradient stay as they are.
///   - profile: gets the time of each operation.
package func runMicroBatch(
  _ batch: MicroBatch, network: any Network, loss: any Loss, weights: FlatStore,
  gradient: FlatStore, frozen: Set<String> = [], pool: ThreadPool, profile: OperationProfile? = nil
) {
  let tape = Tape(
    Parameters(weights: weights, gradient: gradient, frozen: frozen), mode: .training, pool: pool,
    randomness: batch.randomness, profile: profile)
  let logits = network(Variable(batch.images, needsGradient: false), on: tape)
  let sums = loss(logits, batch.targets, on: tape)
  tape.backward()
  gradient[.loss] = Float(sums.loss)
  gradient[.weight] = Float(sums.weight)
  gradient[.samples] = Float(batch.targets.count)
  gradient[.correct] = Float(sums.correct)
}
