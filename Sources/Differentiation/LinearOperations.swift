package import Kernels
package import Tensors

/// `activation(x · weight[…,in,out] + bias[out] + shortcut)` over all rows of `x[…,in]`; finished
/// values in and out.
package func linear(
  _ x: Variable, weight: FlatEntry, bias: FlatEntry, activation: Activation = .identity,
  adding shortcut: Variable? = nil, on tape: Tape
) -> Variable {
  precondition(
    x.transform == nil && shortcut?.transform == nil, "a linear layer takes finished values")
  let parameters = tape.parameters
  let weights = parameters.value(weight)
  let shape = Shape(x.shape.extents.dropLast() + [bias.shape.count])
  let sum = Tensor(uninitialized: shape)
  let activated = activation == .identity ? nil : Tensor(uninitialized: shape)
  tape.compute {
    linear(
      x.value(on: tape), weight: weights, bias: parameters.value(bias),
      shortcut: shortcut?.value(on: tape), into: sum,
      activation: activation, activated: activated, pool: tape.pool)
  }
  let y = Variable(
    activated ?? sum,
    needsGradient: x.needsGradient || shortcut?.needsGradient == true
      || parameters.isTrained(weight) || parameters.isTrained(bias), on: tape)
  let (kept, slot, shortcutSlot) = (x.kept(on: tape), x.slot, shortcut?.slot)
  let keptSum = activation == .identity ? nil : sum.kept(on: tape)
  tape.record(
    y, of: [x, shortcut].compactMap(\.self), uses: [weight, bias],
    parts: { trace in
      let mapped = trace.append(.linear(weight: weight, bias: bias), trace[x], shape: shape)
      let sum = shortcut.map { trace.append(.sum, mapped, trace[$0]) }
      return trace.activated(sum ?? mapped, activation)
    }
  ) { gradient in
    if let keptSum {
      let input = gradient.isUnshared ? gradient : Tensor(uninitialized: shape)
      activationGradient(
        gradient.stored, at: keptSum.value.stored, activation: activation, into: input.stored,
        pool: tape.pool)
      gradient = input
    }
    tape.writeGradient(of: bias) { destination, accumulating in
      sumRows(gradient, into: destination, accumulating: accumulating, pool: tape.pool)
    }
    tape.writeGradient(of: weight) { destination, accumulating in
      linearWeightGradient(
        kept.value, yGradient: gradient, into: destination, accumulating: accumulating,
        pool: tape.pool)
    }
    if let shortcutSlot, shortcutSlot.needsGradient {
      shortcutSlot.receiveGradient(sharing: gradient, pool: tape.pool)
    }
    guard slot.needsGradient else { return }
    slot.receiveGradient { destination, accumulating in
      linearInputGradient(
        gradient, weight: weights, into: destination, accumulating: accumulating, pool: tape.pool)
    }
  }
  return y
}
