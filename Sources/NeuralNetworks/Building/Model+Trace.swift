package import Differentiation
package import Tensors

extension Model {
  /// The network's graph in inference, for images `[1, side, side, channels]`: what the forward pass
  /// does, found by running it. Throws when it has an operation that isn't described.
  package func traced(
    _ weights: FlatStore, side: Int, channels: Int
  ) throws(TraceError) -> Trace {
    let images = Variable(Tensor(zeros: [1, side, side, channels]), needsGradient: false)
    let trace = Trace(of: images)
    let tape = Tape(
      Parameters(weights: weights), mode: .evaluation, pool: ThreadPool(threads: 1), trace: trace)
    try trace.finish(with: network(images, on: tape))
    return trace
  }
}
