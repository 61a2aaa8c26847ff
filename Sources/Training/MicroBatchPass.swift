package import Differentiation
import Kernels
package import NeuralNetworks
package import Tensors

/// One forward and backward pass over a micro-batch, the leaf of the gradient's sum: overwrites
/// `gradient` with the gradient of the summed loss, the statistics and the tail.
///
/// - Parameter profile: told the time of each operation.
package func runMicroBatch(
  _ images: Tensor, labels: [Int], network: any Network, loss: CrossEntropyLoss,
  weights: FlatStore, gradient: FlatStore, pool: ThreadPool,
  profile: OperationProfile? = nil
) {
  let tape = Tape(
    Parameters(weights: weights, gradient: gradient), mode: .training, pool: pool,
    profile: profile)
  let logits = network(Variable(images, needsGradient: false), on: tape)
  let sums = loss(logits, labels: labels, on: tape)
  tape.backward()
  gradient[.loss] = Float(sums.loss)
  gradient[.weight] = Float(sums.weight)
  gradient[.samples] = Float(labels.count)
  gradient[.correct] = Float(sums.correct)
}
