import Kernels
package import Tensors

/// `x[N,in] · weight[in,out] + bias[out]`. Takes finished values.
package func linear(
  _ x: Variable, weight: FlatEntry, bias: FlatEntry, on tape: Tape
) -> Variable {
  precondition(x.transform == nil, "a linear layer takes finished values")
  let parameters = tape.parameters
  let weights = parameters.value(weight)
  let value = Tensor(uninitialized: [x.shape[0], weight.shape[1]])
  linear(x.value, weight: weights, bias: parameters.value(bias), into: value)
  let y = Variable(
    value,
    needsGradient: x.needsGradient || parameters.isTrained(weight) || parameters.isTrained(bias))
  tape.record(y, of: [x], uses: [weight, bias]) { gradient in
    tape.writeGradient(of: bias) { destination, accumulating in
      linearBiasGradient(gradient, into: destination, accumulating: accumulating)
    }
    tape.writeGradient(of: weight) { destination, accumulating in
      linearWeightGradient(
        x.value, yGradient: gradient, into: destination, accumulating: accumulating)
    }
    guard x.needsGradient else { return }
    x.receiveGradient { destination, accumulating in
      linearInputGradient(
        gradient, weight: weights, into: destination, accumulating: accumulating)
    }
  }
  return y
}
