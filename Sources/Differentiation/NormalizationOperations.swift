package import Kernels
package import Tensors

/// The four vectors of a batch normalisation, each `[C]`.
package struct NormalizationEntries: Sendable {
  package let scale: FlatEntry
  package let shift: FlatEntry
  package let runningMean: FlatEntry
  package let runningVariance: FlatEntry

  package init(
    scale: FlatEntry, shift: FlatEntry, runningMean: FlatEntry, runningVariance: FlatEntry
  ) {
    self.scale = scale
    self.shift = shift
    self.runningMean = runningMean
    self.runningVariance = runningVariance
  }
}

/// Batch normalisation and activation of raw values `x`, left pending: the result shares x's memory.
///
/// In training the micro-batch is the group. Its mean and unbiased variance, times its number of
/// samples, go to the gradient's statistics, to be averaged over the step like the gradient itself.
/// In evaluation, and where the running statistics are frozen, these take the batch's place.
package func batchNormalization(
  _ x: Variable, _ entries: NormalizationEntries, epsilon: Double, activation: Activation,
  on tape: Tape
) -> Variable {
  precondition(x.transform == nil, "a normalisation takes raw values")
  let parameters = tape.parameters
  let scale = parameters.value(entries.scale)
  let shift = parameters.value(entries.shift)
  let channels = scale.count

  let ofBatch =
    tape.mode == .training && !parameters.frozen.contains(entries.runningMean.name)
  let (mean, variance) =
    ofBatch
    ? batchMoments(x.value, pool: tape.pool)
    : (
      parameters.value(entries.runningMean).values.map(Double.init),
      parameters.value(entries.runningVariance).values.map(Double.init)
    )
  if ofBatch, let store = parameters.gradient {
    let samples = Double(x.shape[0])
    let count = Double(x.value.count / channels)
    let unbiased = samples * count / max(count - 1, 1)
    let means = store.tensor(entries.runningMean)
    let variances = store.tensor(entries.runningVariance)
    for c in 0..<channels {
      means.pointer[c] = Float(samples * mean[c])
      variances.pointer[c] = Float(unbiased * variance[c])
    }
  }
  let (transform, inverseDeviation) = affine(
    mean: mean, variance: variance, scale: scale, shift: shift, epsilon: epsilon,
    activation: activation)
  let y = Variable(
    x.value, transform: transform,
    needsGradient: x.needsGradient || parameters.isTrained(entries.scale)
      || parameters.isTrained(entries.shift))
  tape.record(
    y, of: [x], uses: [entries.scale, entries.shift],
    parts: {
      $0.activated($0.append(.batchNormalization(entries, epsilon: epsilon), $0[x]), activation)
    }
  ) { gradient in
    let inputGradient = gradient.isUnshared ? gradient : Tensor(uninitialized: x.shape)
    let sums = batchNormGradient(
      x.value, mean: mean, inverseDeviation: inverseDeviation, ofBatch: ofBatch,
      transform: transform, gradient: gradient, into: inputGradient, pool: tape.pool)
    for (entry, values) in [(entries.shift, sums.shift), (entries.scale, sums.scale)] {
      tape.writeGradient(of: entry) { destination, accumulating in
        for c in 0..<channels {
          destination.pointer[c] = accumulating ? destination.pointer[c] + values[c] : values[c]
        }
      }
    }
    guard x.needsGradient else { return }
    x.receiveGradient(sharing: inputGradient, pool: tape.pool)
  }
  return y
}

/// `x` with its pending transform applied and written down, for operations that take finished values.
package func finished(_ x: Variable, on tape: Tape) -> Variable {
  guard let transform = x.transform else { return x }
  let value = Tensor(uninitialized: x.shape)
  apply(transform, to: x.value, into: value, pool: tape.pool)
  let y = Variable(value, needsGradient: x.needsGradient)
  tape.record(y, of: [x], parts: { $0[x] }) { gradient in
    x.receiveGradient(sharing: gradient, pool: tape.pool)
  }
  return y
}

/// The normalisation as one multiplication and one addition for each channel.
private func affine(
  mean: [Double], variance: [Double], scale: Tensor, shift: Tensor, epsilon: Double,
  activation: Activation
) -> (transform: ChannelTransform, inverseDeviation: [Double]) {
  let inverseDeviation = variance.map { 1 / ($0 + epsilon).squareRoot() }
  let factors = mean.indices.map { Double(scale.pointer[$0]) * inverseDeviation[$0] }
  let offsets = mean.indices.map { Double(shift.pointer[$0]) - mean[$0] * factors[$0] }
  let transform = ChannelTransform(
    scale: Tensor(factors.map(Float.init), shape: [mean.count]),
    shift: Tensor(offsets.map(Float.init), shape: [mean.count]), activation: activation)
  return (transform, inverseDeviation)
}
