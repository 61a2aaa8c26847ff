package import Datasets
package import Differentiation
import Kernels
package import NeuralNetworks
package import Tensors
package import Timelines

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
///   - precision: in which formats values and gradients wait between operations.
///   - lossScale: a power of two, by which the loss is multiplied before backward, and the gradient divided after it.
///   - recomputation: which blocks are run again in backward.
///   - profile: gets the time of each operation.
///   - lane: of the calling thread in a timeline; gets the pass and, without another profile, its operations.
///   - check: looks for numbers that aren't finite.
package func runMicroBatch(
  _ batch: MicroBatch, network: any Network, loss: any Loss, weights: FlatStore,
  gradient: FlatStore, frozen: Set<String> = [], precision: Precision = .fp32,
  lossScale: Int = 1, recomputation: Recomputation = .none, pool: ThreadPool,
  profile: (any PassProfile)? = nil, check: FiniteCheck? = nil, lane: Lane? = nil
) {
  let tape = Tape(
    Parameters(weights: weights, gradient: gradient, frozen: frozen), mode: .training, pool: pool,
    precision: precision, recomputation: recomputation, randomness: batch.randomness,
    profile: profile ?? lane.map { OperationSlices($0) }, check: check)
  check?.look(at: batch.images, as: "what is made of the photos")
  let logits = lane.slice("forward", .step) {
    network(Variable(batch.images, needsGradient: false), on: tape)
  }
  let sums = lane.slice("loss", .step) { loss(logits, batch.targets, on: tape) }
  check?.look(at: sums.loss, as: "the loss")
  check?.look(at: sums.weight, as: "the photos' weights")
  if lossScale != 1 { logits.scaleGradient(by: Float(lossScale), pool: pool) }
  lane.slice("backward", .step) { tape.backward() }
  if lossScale != 1 {
    scale(
      gradient.pointer, count: gradient.layout.parameters.count, by: 1 / Float(lossScale),
      pool: pool)
  }
  gradient[.loss] = Float(sums.loss)
  gradient[.weight] = Float(sums.weight)
  gradient[.samples] = Float(batch.targets.count)
  gradient[.correct] = Float(sums.correct)
  // Statistics and sums may be finite as Double, and too large as Float.
  for entry in gradient.layout.entries where entry.kind == .statistic {
    check?.look(at: gradient.tensor(entry), as: "a micro-batch's sum for \(entry.name)")
  }
  check?.look(at: Double(gradient[.loss]), as: "the loss")
  check?.look(at: Double(gradient[.weight]), as: "the photos' weights")
}
