package import Kernels
import Tensors

/// `activation(main + shortcut)`, both applied as they are loaded if pending; the sum is written, as
/// at least two operations will read it.
package func residualSum(
  _ main: Variable, _ shortcut: Variable, activation: Activation, on tape: Tape
) -> Variable {
  precondition(main.shape == shortcut.shape, "a sum of \(main.shape) and \(shortcut.shape)")
  precondition(
    activation.isGatedByOutput, "a sum keeps its output alone, not what \(activation) needs")
  let value = tape.uninitialized(main.shape)
  tape.compute {
    residualSum(
      main.stored(on: tape), main.transform, shortcut.stored(on: tape), shortcut.transform,
      activation: activation, into: value, pool: tape.pool)
  }
  let y = Variable(
    value, needsGradient: main.needsGradient || shortcut.needsGradient, on: tape)
  let kept = activation == .identity ? nil : y.kept(on: tape)
  let slots = [main.slot, shortcut.slot]
  tape.recordStored(
    y, of: [main, shortcut],
    parts: { $0.activated($0.append(.sum, $0[main], $0[shortcut]), activation) }
  ) { gradient in
    if let kept {
      let input = gradient.isUnshared ? gradient : gradient.uninitializedLike
      activationGradient(
        gradient, at: kept.stored, activation: activation, into: input, pool: tape.pool)
      gradient = input
    }
    for slot in slots where slot.needsGradient {
      slot.receiveGradient(sharing: gradient, pool: tape.pool)
    }
  }
  return y
}
