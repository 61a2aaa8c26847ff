import Tensors

// Convolution as matrix products over blocks of output pixels: a block's windows are laid out as
// rows of a matrix [pixels, window²·C] that stays in the cache, and multiplied with the filters
// [window²·C, K]. For a pointwise convolution of finished values the input is that matrix.

/// `output[N,H',W',K] = input[N,H,W,C] ∗ filters[R,S,C,K]`, the filters packed.
func directConvolve(
  _ input: StoredNumbers, transform: UnownedTransform?, packed: UnsafePointer<Float>,
  into output: StoredNumbers, geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  let blocks = productBlocks(rows: g.pixels, depth: g.depth, columns: g.filters, into: output)
  let inPlace = g.isPointwise && transform == nil
  pool.run(blocks) { range in
    let output = output + range.lowerBound * g.filters
    func multiply(_ windows: UnsafePointer<Float>) {
      output.writeFloats(range.count * g.filters, accumulating: false) {
        Kernels.multiply(
          windows, aStride: g.depth, packed: packed, into: $0, cStride: g.filters,
          rows: range.count, columns: g.filters, depth: g.depth)
      }
    }
    if inPlace {
      return (input + range.lowerBound * g.channels)
        .withFloats(range.count * g.channels, multiply)
    }
    BufferPool.shared.withScratch(range.count * g.depth) { windows in
      fillWindows(input, transform: transform, geometry: g, range: range, into: windows)
      multiply(windows)
    }
  }
}

/// The gradient with respect to the (transformed) input: each window's gradient is added up where
/// it came from, image by image.
func directInputGradient(
  _ outputGradient: StoredNumbers, filters: UnsafePointer<Float>,
  into inputGradient: StoredNumbers, geometry g: ConvolutionGeometry,
  accumulating: Bool, pool: ThreadPool
) {
  BufferPool.shared.withScratch(packedCount(depth: g.filters, columns: g.depth)) { packed in
    pack(
      Matrix(filters, stride: g.filters, transposed: true), depth: g.filters, columns: g.depth,
      into: packed, pool: pool)
    if g.isPointwise {
      let blocks = productBlocks(
        rows: g.pixels, depth: g.filters, columns: g.channels, into: inputGradient)
      pool.run(blocks) { range in
        (outputGradient + range.lowerBound * g.filters).withFloats(range.count * g.filters) { a in
          (inputGradient + range.lowerBound * g.channels)
            .writeFloats(range.count * g.channels, accumulating: accumulating) {
              multiply(
                a, aStride: g.filters, packed: packed, into: $0, cStride: g.channels,
                rows: range.count, columns: g.channels, depth: g.filters,
                accumulating: accumulating)
            }
        }
      }
      return
    }
    let plane = g.outputHeight * g.outputWidth
    let blocks = productBlocks(rows: plane, depth: g.depth)
    let imageSize = g.height * g.width * g.channels
    pool.run(g.images) { image in
      (inputGradient + image * imageSize).writeFloats(imageSize, accumulating: accumulating) {
        inputGradient in
        if !accumulating { inputGradient.update(repeating: 0, count: imageSize) }
        BufferPool.shared.withScratch(blocks.longest * g.depth) { windows in
          for block in 0..<blocks.chunks {
            let range = blocks[block]
            (outputGradient + (image * plane + range.lowerBound) * g.filters)
              .withFloats(range.count * g.filters) {
                multiply(
                  $0, aStride: g.filters, packed: packed, into: windows, cStride: g.depth,
                  rows: range.count, columns: g.depth, depth: g.filters)
              }
            addWindows(windows, geometry: g, range: range, to: inputGradient)
          }
        }
      }
    }
  }
}

/// The gradient with respect to the filters: a sum over all pixels, as a fixed number of partial
/// sums that are added in order.
func directFilterGradient(
  _ input: StoredNumbers, transform: UnownedTransform?,
  outputGradient: StoredNumbers, into filterGradient: UnsafeMutablePointer<Float>,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  let width = g.filters.roundedUp(to: MicroBlock.columns)
  let count = g.depth.roundedUp(to: MicroBlock.rows) * width
  // Small sums can be many, so that many threads have work.
  let partials = Partition(g.pixels, least: 128, limit: min(max(4, (1 << 19) / count), 16))
  // Blocks whose gradients and strips of windows stay in the first-level cache.
  let longest = 256
  BufferPool.shared.withScratch(partials.chunks * count) { sums in
    pool.run(partials.chunks) { partial in
      let range = partials[partial]
      let blocks = Partition(range.count, grain: longest, limit: Int.max)
      BufferPool.shared.withScratch(
        longest * (g.depth + width + MicroBlock.rows) + 16
      ) { windows in
        let packed = windows + (longest * g.depth + 8)
        let strip = packed + longest * width
        for block in 0..<blocks.chunks {
          let first = range.lowerBound + blocks[block].lowerBound
          let pixels = first..<(first + blocks[block].count)
          fillWindows(
            input, transform: transform, geometry: g, range: pixels, into: windows)
          (outputGradient + first * g.filters).withFloats(pixels.count * g.filters) {
            pack(
              Matrix($0, stride: g.filters), depth: pixels.count, columns: g.filters,
              into: packed, pool: .caller)
          }
          multiplyTransposed(
            windows, aStride: g.depth, packed: packed, into: sums + partial * count,
            cStride: width, rows: g.depth, columns: g.filters, depth: pixels.count,
            strip: strip, accumulating: block > 0)
        }
      }
    }
    pool.run(Partition(g.depth, least: max(1, 16384 / g.filters))) { rows in
      for row in rows {
        let destination = filterGradient + row * g.filters
        for partial in 0..<partials.chunks {
          let source = sums + (partial * count + row * width)
          if partial == 0 && !accumulating {
            destination.update(from: source, count: g.filters)
          } else {
            add(source, to: destination, count: g.filters)
          }
        }
      }
    }
  }
}

/// Blocks of rows for products of such a depth: about 2¹⁶ floats or a quarter of a megabyte, so
/// that they stay in the second-level cache while the panels pass by. So must the results, where they are
/// brought into another format.
private func productBlocks(
  rows: Int, depth: Int, columns: Int = 0, into output: StoredNumbers? = nil
) -> Partition {
  let width = output.map { $0.format == .fp32 ? depth : max(depth, columns) } ?? depth
  let least = max(96, (1 << 16) / width)
  return Partition(rows, least: min(least, rows), grain: MicroBlock.rows, limit: Int.max)
}
