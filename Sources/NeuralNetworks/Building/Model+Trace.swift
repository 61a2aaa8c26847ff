package import Differentiation
package import Tensors

extension Model {
  /// The network's graph in inference, for images `[1, side, side, channels]`.
  ///
  /// - Throws: `TraceError` for an operation that isn't described.
  package func traced(
    _ weights: FlatStore, side: Int, channels: Int
  ) throws(TraceError) -> Trace {
    let images = Variable(Tensor(zeros: [1, side, side, channels]), needsGradient: false)
    let trace = Trace(of: images)
    try trace.finish(with: run(images, weights, writing: trace))
    return trace
  }

  /// The first batch norm of a network that takes inputs of this shape, one sample each, that has one
  /// value of each channel of a sample, such as after pooling; nil for none. In training it makes
  /// nothing of a sample that is alone in its micro-batch: a value less itself.
  ///
  /// - Parameter frozen: names of running statistics that take the batch's place.
  package func batchNormOfSingleValues(input shape: Shape, frozen: Set<String>) -> String? {
    let sample = Variable(Tensor(zeros: shape), needsGradient: false)
    let trace = Trace(of: sample)
    _ = run(sample, FlatStore(uninitializedWeights: layout), writing: trace)
    for node in trace.nodes {
      guard case .batchNormalization(let entries, _) = node.part,
        node.output.shape.count == entries.scale.shape.count,
        !frozen.contains(entries.runningMean.name)
      else { continue }
      return String(entries.scale.name.dropLast(".weight".count))
    }
    return nil
  }

  /// The network's output for one sample in inference, of which the shape alone is right.
  private func run(_ sample: Variable, _ weights: FlatStore, writing trace: Trace) -> Variable {
    let tape = Tape(
      Parameters(weights: weights), mode: .shapes, pool: ThreadPool(threads: 1), trace: trace)
    return network(sample, on: tape)
  }
}
