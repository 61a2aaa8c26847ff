import Kernels
package import Tensors

/// Convolution without bias, of images `[N,H,W,C]` with filters `[R,S,C,K]`.
package func convolution(
  _ x: Variable, filters: FlatEntry, stride: Int, padding: Int, paddingAfter: Int? = nil,
  on tape: Tape
) -> Variable {
  let geometry = ConvolutionGeometry(
    input: x.shape, filters: filters.shape[3], window: filters.shape[0], stride: stride,
    padding: padding, paddingAfter: paddingAfter, algorithm: tape.convolutions)
  let weights = tape.parameters.value(filters)
  let value = Tensor(uninitialized: geometry.output)
  convolve(
    x.value, transform: x.transform, filters: weights, into: value, geometry: geometry,
    pool: tape.pool)
  let y = Variable(
    value, needsGradient: x.needsGradient || tape.parameters.isTrained(filters))
  tape.record(
    y, of: [x], uses: [filters],
    parts: {
      $0.append(
        .convolution(
          filters, stride: stride, padding: padding, paddingAfter: geometry.paddingAfter),
        $0[x], shape: y.shape)
    }
  ) { gradient in
    tape.writeGradient(of: filters) { destination, accumulating in
      convolveFilterGradient(
        x.value, transform: x.transform, outputGradient: gradient, into: destination,
        geometry: geometry, accumulating: accumulating, pool: tape.pool)
    }
    guard x.needsGradient else { return }
    x.receiveGradient { destination, accumulating in
      convolveInputGradient(
        gradient, filters: weights, into: destination, geometry: geometry,
        accumulating: accumulating, pool: tape.pool)
    }
  }
  return y
}
