import Kernels
import Tensors

/// Multi-head attention within each image, of `qkv[N,T,3·C]` to the first `queries` tokens:
/// `[N,queries,C]`.
package func attention(
  _ qkv: Variable, heads: Int, queries: Int, on tape: Tape
) -> Variable {
  precondition(qkv.transform == nil, "attention takes finished values")
  let geometry = AttentionGeometry(qkv: qkv.shape, heads: heads, queries: queries)
  let value = Tensor(uninitialized: geometry.output)
  let probabilities = Tensor(uninitialized: geometry.probabilities)
  tape.compute {
    attend(
      qkv.value(on: tape), probabilities: probabilities, into: value, geometry: geometry,
      pool: tape.pool)
  }
  let y = Variable(value, needsGradient: qkv.needsGradient, on: tape)
  // Queries with keys, and probabilities with values.
  let multiplications = 2 * geometry.output.count * qkv.shape[1]
  let (kept, keptProbabilities) = (qkv.kept(on: tape), probabilities.kept(on: tape))
  let slot = qkv.slot
  tape.record(
    y, of: [qkv], multiplications: multiplications,
    parts: { $0.append(.attention(heads: heads, queries: queries), $0[qkv], shape: y.shape) }
  ) { gradient in
    let share = Tensor(uninitialized: slot.shape)
    attendGradient(
      kept.value, probabilities: keptProbabilities.value, outputGradient: gradient, into: share,
      geometry: geometry, pool: tape.pool)
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}
