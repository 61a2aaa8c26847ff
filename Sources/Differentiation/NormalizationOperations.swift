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
  let channels = entries.scale.shape.count
  let value = x.stored(on: tape)

  let ofBatch =
    tape.mode == .training && !parameters.frozen.contains(entries.runningMean.name)
  let normalization: Normalization
  if ofBatch {
    let moments = batchMoments(value, pool: tape.pool)
    normalization = Normalization(
      moments, entries, of: parameters, epsilon: epsilon, activation: activation)
    if let store = parameters.gradient {
      let samples = Double(x.shape[0])
      let count = Double(x.shape.count / channels)
      let unbiased = samples * count / max(count - 1, 1)
      let means = store.tensor(entries.runningMean)
      let variances = store.tensor(entries.runningVariance)
      for c in 0..<channels {
        means.pointer[c] = Float(samples * moments.mean[c])
        variances.pointer[c] = Float(unbiased * moments.variance[c])
      }
    }
  } else {
    normalization = parameters.runningNormalization(
      entries, epsilon: epsilon, activation: activation)
  }
  let y = Variable(
    value, transform: normalization.transform,
    needsGradient: x.needsGradient || parameters.isTrained(entries.scale)
      || parameters.isTrained(entries.shift), on: tape)
  let (kept, slot) = (y.kept(on: tape), x.slot)
  tape.recordStored(
    y, of: [x], uses: [entries.scale, entries.shift],
    parts: {
      $0.activated($0.append(.batchNormalization(entries, epsilon: epsilon), $0[x]), activation)
    }
  ) { gradient in
    let inputGradient = gradient.isUnshared ? gradient : gradient.uninitializedLike
    let sums = batchNormGradient(
      kept.stored, mean: normalization.mean, inverseDeviation: normalization.inverseDeviation,
      ofBatch: ofBatch, transform: normalization.transform, gradient: gradient,
      into: inputGradient,
      pool: tape.pool)
    for (entry, values) in [(entries.shift, sums.shift), (entries.scale, sums.scale)] {
      tape.writeGradient(of: entry) { destination, accumulating in
        for c in 0..<channels {
          destination.pointer[c] = accumulating ? destination.pointer[c] + values[c] : values[c]
        }
      }
    }
    guard slot.needsGradient else { return }
    slot.receiveGradient(sharing: inputGradient, pool: tape.pool)
  }
  return y
}

/// `x` with its pending transform applied and written down, for operations that take finished values.
package func finished(_ x: Variable, on tape: Tape) -> Variable {
  guard let transform = x.transform else { return x }
  let value = Tensor(uninitialized: x.shape)
  tape.compute {
    apply(transform, to: x.value(on: tape), into: value, pool: tape.pool)
  }
  let y = Variable(value, needsGradient: x.needsGradient, on: tape)
  let slot = x.slot
  tape.recordStored(y, of: [x], parts: { $0[x] }) { gradient in
    slot.receiveGradient(sharing: gradient, pool: tape.pool)
  }
  return y
}

/// A normalisation as one multiplication and one addition for each channel, with what backward needs.
struct Normalization {
  let transform: ChannelTransform
  let mean: [Double]
  let inverseDeviation: [Double]

  init(
    _ moments: (mean: [Double], variance: [Double]), _ entries: NormalizationEntries,
    of parameters: Parameters, epsilon: Double, activation: Activation
  ) {
    let (scale, shift) = (parameters.value(entries.scale), parameters.value(entries.shift))
    let mean = moments.mean
    let inverseDeviation = moments.variance.map { 1 / ($0 + epsilon).squareRoot() }
    let factors = mean.indices.map { Double(scale.pointer[$0]) * inverseDeviation[$0] }
    let offsets = mean.indices.map { Double(shift.pointer[$0]) - mean[$0] * factors[$0] }
    transform = ChannelTransform(
      scale: Tensor(factors.map(Float.init), shape: [mean.count]),
      shift: Tensor(offsets.map(Float.init), shape: [mean.count]), activation: activation)
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }
}

extension Parameters {
  /// The normalisation by running statistics, kept where the weights don't change.
  fileprivate func runningNormalization(
    _ entries: NormalizationEntries, epsilon: Double, activation: Activation
  ) -> Normalization {
    func make() -> Normalization {
      let moments = (
        mean: value(entries.runningMean).values.map(Double.init),
        variance: value(entries.runningVariance).values.map(Double.init)
      )
      return Normalization(
        moments, entries, of: self, epsilon: epsilon, activation: activation)
    }
    return prepared?.normalization(entries.scale.name, otherwise: make) ?? make()
  }
}
