package import Tensors

// Convolution by Winograd's algorithm where it applies, else as matrix products; with groups,
// channel by channel or group by group. Work is cut by the shape alone. All three functions
// overwrite their output, unless `accumulating`.

/// `output[N,H',W',K] = input[N,H,W,C] ∗ filters[R,S,C/groups,K]`, the input transformed as it is
/// loaded.
///
/// - Parameter packed: the filters as `packFilters` gives them, if they are there already.
package func convolve(
  _ input: StoredTensor, transform: ChannelTransform?, filters: Tensor, packed: Tensor? = nil,
  into output: StoredTensor, geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  if g.isDepthwise {
    convolveDepthwise(
      input, transform: transform, filters: filters, into: output, geometry: g, pool: pool)
  } else if g.groups > 1 {
    output.writeFloats(accumulating: false, pool: pool) {
      convolveGroups(
        widened(input, pool: pool), transform: transform, filters: filters, into: $0, geometry: g,
        pool: pool)
    }
  } else if g.usesWinograd {
    winogradConvolve(
      StoredNumbers(input), transform: transform?.unowned,
      filters: WinogradFilters(filters, geometry: g, transformed: packed),
      into: StoredNumbers(output), tiles: WinogradTiles(g), accumulating: false, pool: pool)
  } else if let packed {
    directConvolve(
      StoredNumbers(input), transform: transform?.unowned, packed: packed.pointer,
      into: StoredNumbers(output), geometry: g, pool: pool)
  } else {
    BufferPool.shared.withScratch(packedCount(depth: g.depth, columns: g.filters)) { packed in
      packDirectFilters(filters, into: packed, geometry: g, pool: pool)
      directConvolve(
        StoredNumbers(input), transform: transform?.unowned, packed: packed,
        into: StoredNumbers(output), geometry: g, pool: pool)
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
  _ outputGradient: StoredTensor, filters: Tensor, into inputGradient: StoredTensor,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  if g.isDepthwise {
    convolveDepthwiseInputGradient(
      outputGradient, filters: filters, into: inputGradient, geometry: g,
      accumulating: accumulating, pool: pool)
  } else if g.groups > 1 {
    inputGradient.writeFloats(accumulating: accumulating, pool: pool) {
      convolveGroupsInputGradient(
        widened(outputGradient, pool: pool), filters: filters, into: $0, geometry: g,
        accumulating: accumulating, pool: pool)
    }
  } else if g.usesWinograd {
    winogradConvolve(
      StoredNumbers(outputGradient), transform: nil,
      filters: WinogradFilters(
        pointer: filters.pointer, channels: g.filters, count: g.channels, turned: true),
      into: StoredNumbers(inputGradient), tiles: WinogradTiles(g), accumulating: accumulating,
      pool: pool)
  } else {
    directInputGradient(
      StoredNumbers(outputGradient), filters: filters.pointer, into: StoredNumbers(inputGradient),
      geometry: g, accumulating: accumulating, pool: pool)
  }
}

/// The gradient with respect to the filters.
package func convolveFilterGradient(
  _ input: StoredTensor, transform: ChannelTransform?, outputGradient: StoredTensor,
  into filterGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  if g.isDepthwise {
    convolveDepthwiseFilterGradient(
      input, transform: transform, outputGradient: outputGradient, into: filterGradient,
      geometry: g, accumulating: accumulating, pool: pool)
  } else if g.groups > 1 {
    convolveGroupsFilterGradient(
      widened(input, pool: pool), transform: transform,
      outputGradient: widened(outputGradient, pool: pool), into: filterGradient, geometry: g,
      accumulating: accumulating, pool: pool)
  } else if g.usesWinograd {
    winogradFilterGradient(
      StoredNumbers(input), transform: transform?.unowned,
      outputGradient: StoredNumbers(outputGradient),
      into: filterGradient.pointer, tiles: WinogradTiles(g), channels: g.channels,
      count: g.filters, accumulating: accumulating, pool: pool)
  } else {
    directFilterGradient(
      StoredNumbers(input), transform: transform?.unowned,
      outputGradient: StoredNumbers(outputGradient), into: filterGradient.pointer, geometry: g,
      accumulating: accumulating, pool: pool)
  }
}
