package import Tensors

// Convolution by Winograd's algorithm where it applies, else as matrix products; with groups, channel
// by channel or group by group. Work is cut by the shape alone. All three functions overwrite their
// output, unless `accumulating`.

/// `output[N,H',W',K] = input[N,H,W,C] ∗ filters[R,S,C/groups,K]`, the input transformed as it is
/// loaded.
package func convolve(
  _ input: Tensor, transform: ChannelTransform?, filters: Tensor, into output: Tensor,
  geometry g: ConvolutionGeometry, pool: ThreadPool
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
      filters: WinogradFilters(
        pointer: filters.pointer, channels: g.channels, count: g.filters, turned: false),
      into: output.pointer, tiles: WinogradTiles(g), accumulating: false, pool: pool)
  } else {
    directConvolve(
      input.pointer, transform: transform?.unowned, filters: filters.pointer,
      into: output.pointer, geometry: g, pool: pool)
  }
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
