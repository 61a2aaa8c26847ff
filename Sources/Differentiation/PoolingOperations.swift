import Kernels
import Tensors

/// The largest value of each window of `[N,H,W,C]`.
package func maxPooling(
  _ x: Variable, window: Int, stride: Int, padding: Int, on tape: Tape
) -> Variable {
  let geometry = ConvolutionGeometry(
    input: x.shape, filters: x.shape[3], window: window, stride: stride, padding: padding)
  let value = Tensor(uninitialized: geometry.output)
  tape.compute {
    maxPool(x.value, transform: x.transform, into: value, geometry: geometry, pool: tape.pool)
  }
  let y = Variable(value, needsGradient: x.needsGradient)
  let (kept, keptOutput) = (x.value.kept(on: tape), value.kept(on: tape))
  let (transform, slot) = (x.transform, x.slot)
  tape.record(
    y, of: [x],
    parts: {
      $0.append(
        .maxPooling(window: window, stride: stride, padding: padding), $0[x], shape: y.shape)
    }
  ) { gradient in
    slot.receiveGradient { destination, accumulating in
      maxPoolGradient(
        kept.value, transform: transform, output: keptOutput.value, outputGradient: gradient,
        into: destination, geometry: geometry, accumulating: accumulating, pool: tape.pool)
    }
  }
  return y
}

/// The mean of each channel over an image: `[N,H,W,C]` to `[N,C]`.
package func globalAveragePooling(_ x: Variable, on tape: Tape) -> Variable {
  let value = Tensor(uninitialized: [x.shape[0], x.shape[3]])
  tape.compute {
    globalAveragePool(x.value, transform: x.transform, into: value, pool: tape.pool)
  }
  let y = Variable(value, needsGradient: x.needsGradient)
  let slot = x.slot
  tape.record(
    y, of: [x],
    parts: {
      let mean = $0.append(.mean, $0[x], shape: [x.shape[0], 1, 1, x.shape[3]])
      return $0.append(.reshaped, mean, shape: y.shape)
    }
  ) { gradient in
    let share = Tensor(uninitialized: slot.shape)
    globalAveragePoolGradient(gradient, into: share, pool: tape.pool)
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}
