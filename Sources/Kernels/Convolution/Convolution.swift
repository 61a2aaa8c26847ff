package import Tensors

// Convolution by Winograd's algorithm where it applies, else as matrix products; with groups,
// channel by channel or group by group. Work is cut by the shape alone. All three functions
// overwrite their output, unless `accumulating`.

/// `output[N,H',W',K] = input[N,H,W,C] ∗ filters[R,S,C/groups,K]`, the input transformed as it is
/// loaded.
///
/// - Parameter packed: the filters as `packFilters` gives them, if they are there already.
package func convolve(
  _ input: Tensor, transform: ChannelTransform?, filters: Tensor, packed: Tensor? = nil,
  into output: Tensor, geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  if g.isDepthwise {
    convolveDepthwise(
      input, transform: transform, filters: filters, into: output, geometry: g, pool: pool)
  } else if g.groups > 1 {
    convolveGroups(
      input, transform: transform, filters: filters, into: output, geometry: g, pool: pool)
  } else if g.usesWinograd {
    winogradConvolve(
      input.pointer, transform: transform?.unowned,
      filters: WinogradFilters(filters, geometry: g, transformed: packed),
      into: output.pointer, tiles: WinogradTiles(g), accumulating: false, pool: pool)
  } else if let packed {
    directConvolve(
      input.pointer, transform: transform?.unowned, packed: packed.pointer, into: output.pointer,
      geometry: g, pool: pool)
  } else {
    BufferPool.shared.withScratch(packedCount(depth: g.depth, columns: g.filters)) { packed in
      packDirectFilters(filters, into: packed, geometry: g, pool: pool)
      directConvolve(
        input.pointer, transform: transform?.unowned, packed: packed, into: output.pointer,
        geometry: g, pool: pool)
    }
  }
}

/// The filters as the geometry's algorithm reads them, to be kept for convolutions with the same
/// weights: about as large as the filters, or four times as large for Winograd's; nil for
/// convolutions in groups.
package func packFilters(
  _ filters: Tensor, geometry g: ConvolutionGeometry, pool: ThreadPool
) -> Tensor? {
  if g.groups > 1 { return nil }
  if g.usesWinograd {
    return WinogradFilters(filters, geometry: g, transformed: nil).transformed(pool: pool)
  }
  let packed = Tensor(uninitialized: [packedCount(depth: g.depth, columns: g.filters)])
  packDirectFilters(filters, into: packed.pointer, geometry: g, pool: pool)
  return packed
}

private func packDirectFilters(
  _ filters: Tensor, into packed: UnsafeMutablePointer<Float>, geometry g: ConvolutionGeometry,
  pool: ThreadPool
) {
  pack(
    filters.matrix(columns: g.filters), depth: g.depth, columns: g.filters, into: packed, pool: pool
  )
}

/// The gradient with respect to the (transformed) input.
package func convolveInputGradient(
  _ outputGradient: Tensor, filters: Tensor, into inputGradient: Tensor,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  if g.isDepthwise {
    convolveDepthwiseInputGradient(
      outputGradient, filters: filters, into: inputGradient, geometry: g,
      accumulating: accumulating, pool: pool)
  } else if g.groups > 1 {
    convolveGroupsInputGradient(
      outputGradient, filters: filters, into: inputGradient, geometry: g,
      accumulating: accumulating, pool: pool)
  } else if g.usesWinograd {
    winogradConvolve(
      outputGradient.pointer, transform: nil,
      filters: WinogradFilters(
        pointer: filters.pointer, channels: g.filters, count: g.channels, turned: true),
      into: inputGradient.pointer, tiles: WinogradTiles(g), accumulating: accumulating,
      pool: pool)
  } else {
    directInputGradient(
      outputGradient.pointer, filters: filters.pointer, into: inputGradient.pointer, geometry: g,
      accumulating: accumulating, pool: pool)
  }
}

/// The gradient with respect to the filters.
package func convolveFilterGradient(
  _ input: Tensor, transform: ChannelTransform?, outputGradient: Tensor,
  into filterGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  if g.isDepthwise {
    convolveDepthwiseFilterGradient(
      input, transform: transform, outputGradient: outputGradient, into: filterGradient,
      geometry: g, accumulating: accumulating, pool: pool)
  } else if g.groups > 1 {
    convolveGroupsFilterGradient(
      input, transform: transform, outputGradient: outputGradient, into: filterGradient,
      geometry: g, accumulating: accumulating, pool: pool)
  } else if g.usesWinograd {
    winogradFilterGradient(
      input.pointer, transform: transform?.unowned, outputGradient: outputGradient.pointer,
      into: filterGradient.pointer, tiles: WinogradTiles(g), channels: g.channels,
      count: g.filters, accumulating: accumulating, pool: pool)
  } else {
    directFilterGradient(
      input.pointer, transform: transform?.unowned, outputGradient: outputGradient.pointer,
      into: filterGradient.pointer, geometry: g, accumulating: accumulating, pool: pool)
  }
}
