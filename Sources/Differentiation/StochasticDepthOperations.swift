import Kernels
package import Tensors

/// Sets `x[N,…]`, what a block adds to its input, to zero for a share `rate` of the samples and divides the
/// others' by `1 − rate`: Huang et al., "Deep networks with stochastic depth", ECCV 2016, in training as timm's
/// `DropPath`. Finished values in and out.
///
/// A sample is passed over when `uniform(its position, 0)` is below the rate.
///
/// - Parameter stream: of the block's path.
package func stochasticDepth(
  _ x: Variable, rate: Double, stream: Philox.Stream, on tape: Tape
) -> Variable {
  precondition(x.transform == nil, "stochastic depth takes finished values")
  guard tape.mode == .training, rate > 0, let randomness = tape.randomness else { return x }
  let random = Philox(seed: randomness.seed, stream: stream, epoch: randomness.epoch)
  let factors = randomness.positions.map { position in
    random.uniform(position: position, index: 0) < Float(rate) ? 0 : Float(1 / (1 - rate))
  }
  let value = Tensor(uninitialized: x.shape)
  multiplySamples(x.value(on: tape), by: factors, into: value, pool: tape.pool)
  let y = Variable(value, needsGradient: x.needsGradient, on: tape)
  let slot = x.slot
  tape.record(y, of: [x]) { gradient in
    let share = gradient.isUnshared ? gradient : Tensor(uninitialized: slot.shape)
    multiplySamples(gradient, by: factors, into: share, pool: tape.pool)
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}
