package import Kernels
package import Tensors

/// The four parameters of squeeze-and-excitation: `reduce` `[1,1,C,R]`, `expand` `[1,1,R,C]`.
package struct SqueezeExciteEntries: Sendable {
  package let reduce: FlatEntry
  package let reduceBias: FlatEntry
  package let expand: FlatEntry
  package let expandBias: FlatEntry

  package init(
    reduce: FlatEntry, reduceBias: FlatEntry, expand: FlatEntry, expandBias: FlatEntry
  ) {
    self.reduce = reduce
    self.reduceBias = reduceBias
    self.expand = expand
    self.expandBias = expandBias
  }

  fileprivate var all: [FlatEntry] { [reduce, reduceBias, expand, expandBias] }
}

/// `x` times a gate for each image and channel, which is a function of the image's channel means;
/// finished values.
package func squeezeExcite(
  _ x: Variable, _ entries: SqueezeExciteEntries, functions: SqueezeExciteFunctions, on tape: Tape
) -> Variable {
  let parameters = tape.parameters
  let weights = SqueezeExciteWeights(
    reduce: parameters.value(entries.reduce), reduceBias: parameters.value(entries.reduceBias),
    expand: parameters.value(entries.expand), expandBias: parameters.value(entries.expandBias))
  let (images, channels) = (x.shape[0], x.shape[3])
  let reduced = entries.reduceBias.shape.count
  let state = SqueezeExciteState(images: images, channels: channels, reduced: reduced)
  let value = tape.uninitialized(x.shape)
  tape.compute {
    squeezeExcite(
      x.stored(on: tape), transform: x.transform, weights: weights, functions: functions,
      state: state, into: value, pool: tape.pool)
  }
  let y = Variable(
    value, needsGradient: x.needsGradient || entries.all.contains(where: parameters.isTrained),
    on: tape)
  let (kept, slot) = (y.kept(on: tape), x.slot)
  tape.recordStored(
    y, of: [x], uses: entries.all, multiplications: 2 * images * channels * reduced,
    parts: {
      let mean = $0.append(.mean, $0[x], shape: [images, 1, 1, channels])
      let hidden = $0.append(
        .convolution(entries.reduce, bias: entries.reduceBias), mean,
        shape: [images, 1, 1, reduced])
      let opened = $0.append(
        .convolution(entries.expand, bias: entries.expandBias),
        $0.activated(hidden, functions.activation), shape: mean.shape)
      let gate: TracedPart =
        switch functions.gate {
        case .sigmoid: .sigmoid
        case .hardSigmoid: .hardSigmoid
        }
      return $0.append(.gated, $0[x], $0.append(gate, opened))
    }
  ) { gradient in
    let hidden = Tensor(uninitialized: [images, reduced])
    let gate = Tensor(uninitialized: [images, channels])
    let share = gradient.isUnshared ? gradient : gradient.uninitializedLike
    squeezeExciteGradient(
      output: kept.stored, weights: weights, functions: functions, state: state,
      outputGradient: gradient, hidden: hidden, gate: gate, into: share, pool: tape.pool)
    if slot.needsGradient { slot.receiveGradient(sharing: share, pool: tape.pool) }
    for (bias, weight, input, output) in [
      (entries.expandBias, entries.expand, state.activated, gate),
      (entries.reduceBias, entries.reduce, state.mean, hidden),
    ] {
      tape.writeGradient(of: bias) { destination, accumulating in
        sumRows(output, into: destination, accumulating: accumulating, pool: tape.pool)
      }
      tape.writeGradient(of: weight) { destination, accumulating in
        linearWeightGradient(
          input, yGradient: output, into: destination, accumulating: accumulating,
          pool: tape.pool)
      }
    }
  }
  return y
}
