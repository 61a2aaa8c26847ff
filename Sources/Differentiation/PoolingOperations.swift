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
    maxPool(
      x.value(on: tape), transform: x.transform, into: value, geometry: geometry, pool: tape.pool)
  }
  let y = Variable(value, needsGradient: x.needsGradient, on: tape)
  let (kept, transform, slot) = (x.kept(on: tape), x.transform, x.slot)
  // The largest is known by being equal, which a rounded one isn't.
  let keptOutput = y.stored.format == .fp32 ? y.kept(on: tape) : nil
  tape.record(
    y, of: [x],
    parts: {
      $0.append(
        .maxPooling(window: window, stride: stride, padding: padding), $0[x], shape: y.shape)
    }
  ) { gradient in
    let input = kept.value
    let output = keptOutput?.value ?? Tensor(uninitialized: geometry.output)
    if keptOutput == nil {
      maxPool(input, transform: transform, into: output, geometry: geometry, pool: tape.pool)
    }
    slot.receiveGradient { destination, accumulating in
      maxPoolGradient(
        input, transform: transform, output: output, outputGradient: gradient,
        into: destination, geometry: geometry, accumulating: accumulating, pool: tape.pool)
    }
  }
  return y
}

/// The mean of each channel over an image: `[N,H,W,C]` to `[N,C]`.
package func globalAveragePooling(_ x: Variable, on tape: Tape) -> Variable {
  let value = Tensor(uninitialized: [x.shape[0], x.shape[3]])
  tape.compute {
    globalAveragePool(x.value(on: tape), transform: x.transform, into: value, pool: tape.pool)
  }
  let y = Variable(value, needsGradient: x.needsGradient, on: tape)
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
