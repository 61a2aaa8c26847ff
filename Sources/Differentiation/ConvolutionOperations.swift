import Kernels
package import Tensors

/// Convolution of images `[N,H,W,C]` with filters `[R,S,C/groups,K]`: the filters' third extent tells
/// how many groups there are, so that `[R,S,1,C]` is depthwise.
///
/// - Parameter bias: `[K]`, added to every pixel.
package func convolution(
  _ x: Variable, filters: FlatEntry, bias: FlatEntry? = nil, stride: Int, padding: Int,
  paddingAfter: Int? = nil, on tape: Tape
) -> Variable {
  let geometry = ConvolutionGeometry(
    input: x.shape, filters: filters.shape[3], window: filters.shape[0], stride: stride,
    padding: padding, paddingAfter: paddingAfter, groups: x.shape[3] / filters.shape[2],
    algorithm: tape.convolutions)
  let parameters = tape.parameters
  let weights = parameters.value(filters)
  // A bias is added before the result is rounded.
  let floats = bias.map { _ in Tensor(uninitialized: geometry.output) }
  let result = floats?.stored ?? tape.uninitialized(geometry.output)
  tape.compute {
    convolve(
      x.stored, transform: x.transform, filters: weights,
      packed: parameters.prepared?.packed(
        filters, of: parameters.weights, geometry: geometry, pool: tape.pool),
      into: result, geometry: geometry, pool: tape.pool)
    if let bias, let floats { addToRows(parameters.value(bias), of: floats, pool: tape.pool) }
  }
  let value = floats.map(tape.stored) ?? result
  let uses = [filters] + (bias.map { [$0] } ?? [])
  let y = Variable(
    value, needsGradient: x.needsGradient || uses.contains(where: parameters.isTrained), on: tape)
  let (kept, transform, slot) = (x.kept(on: tape), x.transform, x.slot)
  tape.recordStored(
    y, of: [x], uses: uses,
    parts: {
      $0.append(
        .convolution(
          filters, bias: bias, stride: stride, padding: padding,
          paddingAfter: geometry.paddingAfter), $0[x], shape: y.shape)
    }
  ) { gradient in
    if let bias {
      tape.writeGradient(of: bias) { destination, accumulating in
        sumRows(
          widened(gradient, pool: tape.pool), into: destination, accumulating: accumulating,
          pool: tape.pool)
      }
    }
    tape.writeGradient(of: filters) { destination, accumulating in
      convolveFilterGradient(
        kept.stored, transform: transform, outputGradient: gradient, into: destination,
        geometry: geometry, accumulating: accumulating, pool: tape.pool)
    }
    guard slot.needsGradient else { return }
    slot.receiveGradient(stored: { destination, accumulating in
      convolveInputGradient(
        gradient, filters: weights, into: destination, geometry: geometry,
        accumulating: accumulating, pool: tape.pool)
    })
  }
  return y
}
