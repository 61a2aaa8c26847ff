import Kernels
package import Tensors

/// Sets a share `rate` of the numbers of `x[N,…]` to zero and divides the others by `1 − rate`:
/// Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, with
/// the division in training, as PyTorch has it. Finished values in and out; `x` itself where the tape
/// has no randomness, as in evaluation.
///
/// Element i of a sample is dropped when `uniform(position of the sample, i)` is below the rate.
///
/// - Parameter stream: of the layer's path.
package func dropout(
  _ x: Variable, rate: Double, stream: Philox.Stream, on tape: Tape
) -> Variable {
  precondition(x.transform == nil, "dropout takes finished values")
  guard tape.mode == .training, rate > 0, let randomness = tape.randomness else { return x }
  let factors = Tensor(uninitialized: x.shape)
  dropoutFactors(
    into: factors, rate: rate,
    random: Philox(seed: randomness.seed, stream: stream, epoch: randomness.epoch),
    positions: randomness.positions, pool: tape.pool)
  let value = Tensor(uninitialized: x.shape)
  multiply(x.value(on: tape), factors, into: value, pool: tape.pool)
  let y = Variable(value, needsGradient: x.needsGradient, on: tape)
  let (kept, slot) = (factors.kept(on: tape), x.slot)
  tape.record(y, of: [x]) { gradient in
    let share = gradient.isUnshared ? gradient : Tensor(uninitialized: slot.shape)
    multiply(gradient, kept.value, into: share, pool: tape.pool)
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}
