package import Tensors

// Convolution by Winograd's algorithm where it applies, else as matrix products over blocks of output
// pixels: a block's windows are laid out as rows of a matrix [pixels, window²·C] that stays in the
// cache, and multiplied with the filters [window²·C, K]. Blocks depend on the shape alone. All three
// functions overwrite their output, unless `accumulating`.

/// `output[N,H',W',K] = input[N,H,W,C] ∗ filters[R,S,C,K]`, the input transformed as it is loaded.
package func convolve(
  _ input: Tensor, transform: ChannelTransform?, filters: Tensor, into output: Tensor,
  geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  if g.usesWinograd {
    winogradConvolve(
      input.pointer, transform: transform?.unowned, filters: filters.pointer,
      into: output.pointer, tiles: WinogradTiles(g), channels: g.channels, count: g.filters,
      accumulating: false, pool: pool)
    return
  }
  pool.run(g.pixelBlocks) { range in
    withWindowMatrix(input, transform: transform, geometry: g, range: range) { windows in
      multiply(
        Matrix(windows, stride: g.depth), filters.matrix(columns: g.filters),
        into: output.pointer + range.lowerBound * g.filters, stride: g.filters,
        rows: range.count, columns: g.filters, depth: g.depth)
    }
  }
}

/// The gradient with respect to the (transformed) input: each window's gradient is added up where
/// it came from, image by image.
package func convolveInputGradient(
  _ outputGradient: Tensor, filters: Tensor, into inputGradient: Tensor,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  if g.usesWinograd {
    BufferPool.shared.withScratch(filters.count) { turned in
      turnFilters(
        filters.pointer, channels: g.channels, count: g.filters, into: turned, pool: pool)
      winogradConvolve(
        outputGradient.pointer, transform: nil, filters: turned, into: inputGradient.pointer,
        tiles: WinogradTiles(g), channels: g.filters, count: g.channels,
        accumulating: accumulating, pool: pool)
    }
    return
  }
  let backFilters = filters.matrix(columns: g.filters, transposed: true)
  if g.isPointwise {
    pool.run(g.pixelBlocks) { range in
      multiply(
        Matrix(outputGradient.pointer + range.lowerBound * g.filters, stride: g.filters),
        backFilters, into: inputGradient.pointer + range.lowerBound * g.channels,
        stride: g.channels, rows: range.count, columns: g.channels, depth: g.filters,
        accumulating: accumulating)
    }
    return
  }
  let plane = g.outputHeight * g.outputWidth
  let blocks = g.blocks(of: plane)
  let imageSize = g.height * g.width * g.channels
  let gradients = inputGradient.pointer
  pool.run(g.images) { image in
    if !accumulating {
      (gradients + image * imageSize).update(repeating: 0, count: imageSize)
    }
    BufferPool.shared.withScratch(blocks.longest * g.depth) { windows in
      for block in 0..<blocks.chunks {
        let start = image * plane + blocks[block].lowerBound
        let range = start..<(start + blocks[block].count)
        multiply(
          Matrix(outputGradient.pointer + start * g.filters, stride: g.filters), backFilters,
          into: windows, stride: g.depth, rows: range.count, columns: g.depth, depth: g.filters)
        g.forEachWindow(range) { pixel, place, source in
          guard let source else { return }
          let window = windows + ((pixel - start) * g.depth + place * g.channels)
          add(window, to: gradients + source * g.channels, count: g.channels)
        }
      }
    }
  }
}

/// The gradient with respect to the filters: a sum over all pixels, as a fixed number of partial
/// sums that are added in order.
package func convolveFilterGradient(
  _ input: Tensor, transform: ChannelTransform?, outputGradient: Tensor,
  into filterGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  if g.usesWinograd {
    winogradFilterGradient(
      input.pointer, transform: transform?.unowned, outputGradient: outputGradient.pointer,
      into: filterGradient.pointer, tiles: WinogradTiles(g), channels: g.channels,
      count: g.filters, accumulating: accumulating, pool: pool)
    return
  }
  let blocks = g.pixelBlocks
  let partials = Partition(blocks.chunks, limit: 4)
  let count = g.depth * g.filters
  BufferPool.shared.withScratch(partials.chunks * count) { sums in
    pool.run(partials.chunks) { partial in
      for block in partials[partial] {
        let range = blocks[block]
        withWindowMatrix(input, transform: transform, geometry: g, range: range) { windows in
          multiply(
            Matrix(windows, stride: g.depth, transposed: true),
            Matrix(outputGradient.pointer + range.lowerBound * g.filters, stride: g.filters),
            into: sums + partial * count, stride: g.filters, rows: g.depth, columns: g.filters,
            depth: range.count, accumulating: block != partials[partial].lowerBound)
        }
      }
    }
    let result = filterGradient.pointer
    pool.run(Partition(count, least: 16384)) { range in
      for partial in 0..<partials.chunks {
        let source = sums + (partial * count + range.lowerBound)
        if partial == 0 && !accumulating {
          (result + range.lowerBound).update(from: source, count: range.count)
        } else {
          add(source, to: result + range.lowerBound, count: range.count)
        }
      }
    }
  }
}

/// Lends the rows [pixels, window²·C] that the output pixels of `range` see, zeros in the padding.
/// A pointwise convolution of finished values needs no copy.
private func withWindowMatrix(
  _ input: Tensor, transform: ChannelTransform?, geometry g: ConvolutionGeometry,
  range: Range<Int>, _ body: (UnsafePointer<Float>) -> Void
) {
  let images = input.pointer
  if g.isPointwise && transform == nil {
    return body(images + range.lowerBound * g.channels)
  }
  let transform = transform?.unowned
  BufferPool.shared.withScratch(range.count * g.depth) { rows in
    g.forEachWindow(range) { pixel, place, source in
      let row = rows + ((pixel - range.lowerBound) * g.depth + place * g.channels)
      if let source {
        loadPixel(
          images + source * g.channels, into: row, channels: g.channels, transform: transform)
      } else {
        row.update(repeating: 0, count: g.channels)
      }
    }
    body(rows)
  }
}

extension ConvolutionGeometry {
  /// Blocks whose window matrix has about 2¹⁷ floats: half a megabyte, within a core's L2.
  func blocks(of pixels: Int) -> Partition {
    let rows = max(128, (1 << 17) / depth)
    return Partition(pixels, least: min(rows, pixels), limit: Int.max)
  }

  var pixelBlocks: Partition { blocks(of: pixels) }
}
