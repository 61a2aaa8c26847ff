package import Tensors

// Batch normalisation (Ioffe and Szegedy, 2015) over the rows of [rows, C], rows = N·H·W. Sums run
// over fixed blocks of rows in Float and over the blocks in Double, in order.

/// The mean and biased variance of each channel, `[C]`; the variance by Chan's pairwise update, so
/// that a large mean costs no digits.
package func batchMoments(
  _ x: Tensor, pool: ThreadPool
) -> (mean: [Double], variance: [Double]) {
  let channels = x.shape[x.shape.rank - 1]
  let rows = x.count / channels
  let blocks = rowBlocks(rows: rows, channels: channels)
  var mean = [Double](repeating: 0, count: channels)
  var squares = mean
  BufferPool.shared.withScratch(blocks.chunks * 2 * channels) { partials in
    pool.run(blocks.chunks) { block in
      let means = partials + block * 2 * channels
      sweep(
        0..<channels,
        MomentStep(
          x: x.pointer, channels: channels, rows: blocks[block], means: means,
          squares: means + channels))
    }
    var count = 0.0
    for block in 0..<blocks.chunks {
      let size = Double(blocks[block].count)
      let means = partials + block * 2 * channels
      for c in 0..<channels {
        let difference = Double(means[c]) - mean[c]
        mean[c] += difference * size / (count + size)
        squares[c] +=
          Double(means[channels + c]) + difference * difference * count * size / (count + size)
      }
      count += size
    }
  }
  return (mean, squares.map { $0 / Double(rows) })
}

private struct MomentStep: LaneStep {
  let x: UnsafePointer<Float>
  let channels: Int
  let rows: Range<Int>
  let means: UnsafeMutablePointer<Float>
  let squares: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let total = sum(c) { (x: L) in x }
    let mean = total * L(repeating: 1 / Float(rows.count))
    mean.store(means + c)
    let deviation = sum(c) { (x: L) in (x - mean) * (x - mean) }
    deviation.store(squares + c)
  }

  /// Four sums side by side hide the latency of an addition.
  @inline(__always) func sum<L: Lanes>(_ c: Int, _ value: (L) -> L) -> L {
    var (s0, s1, s2, s3) = (
      L(repeating: 0), L(repeating: 0), L(repeating: 0), L(repeating: 0)
    )
    var row = rows.lowerBound
    while row + 4 <= rows.upperBound {
      let pixel = x + row * channels + c
      s0 = s0 + value(L.load(pixel))
      s1 = s1 + value(L.load(pixel + channels))
      s2 = s2 + value(L.load(pixel + 2 * channels))
      s3 = s3 + value(L.load(pixel + 3 * channels))
      row += 4
    }
    while row < rows.upperBound {
      s0 = s0 + value(L.load(x + row * channels + c))
      row += 1
    }
    return (s0 + s1) + (s2 + s3)
  }
}

/// The backward pass of `y = activation((x − mean) · inverseDeviation · γ + β)`: sums over the rows
/// first, then the input's gradient. All vectors are `[C]`.
///
/// - Parameters:
///   - transform: the forward pass as it was applied, which gates the activation.
///   - ofBatch: whether mean and deviation are those of `x` and move with it, or given.
///   - gradient: with respect to y.
///   - inputGradient: overwritten; may be `gradient` itself.
/// - Returns: the gradients of γ and β.
package func batchNormGradient(
  _ x: Tensor, mean: [Double], inverseDeviation: [Double], ofBatch: Bool,
  transform: ChannelTransform, gradient: Tensor, into inputGradient: Tensor, pool: ThreadPool
) -> (scale: [Float], shift: [Float]) {
  let channels = x.shape[x.shape.rank - 1]
  let rows = x.count / channels
  let blocks = rowBlocks(rows: rows, channels: channels)
  let (values, gradients) = (x.pointer, gradient.pointer)
  let (pending, result) = (transform.unowned, inputGradient.pointer)
  // An activation that costs more to differentiate than to write down is done once.
  let isGatedOnce = !transform.activation.isGatedByOutput
  let gated = isGatedOnce ? result : gradients
  let rest = UnownedTransform(
    scale: pending.scale, shift: pending.shift,
    activation: isGatedOnce ? .identity : pending.activation)
  var sums = [Double](repeating: 0, count: channels)
  var products = sums
  // The means and the two coefficients of the last pass, then the blocks' partial sums.
  BufferPool.shared.withScratch((3 + 2 * blocks.chunks) * channels) { means in
    let (offset, slope) = (means + channels, means + 2 * channels)
    let partials = means + 3 * channels
    for c in 0..<channels { means[c] = Float(mean[c]) }
    pool.run(blocks.chunks) { block in
      let sums = partials + block * 2 * channels
      sweep(
        0..<channels,
        GradientSumStep(
          x: values, gradient: gradients, means: means, transform: pending, channels: channels,
          rows: blocks[block], gated: isGatedOnce ? result : nil, sums: sums,
          products: sums + channels))
    }
    for block in 0..<blocks.chunks {
      let partial = partials + block * 2 * channels
      for c in 0..<channels {
        sums[c] += Double(partial[c])
        products[c] += Double(partial[channels + c])
      }
    }
    // dx = scale · (g − Σg/n − (x − mean) · Σ(g·(x − mean)) · inverseDeviation² / n), where the two
    // sums come from mean and deviation.
    for c in 0..<channels {
      offset[c] = ofBatch ? Float(sums[c] / Double(rows)) : 0
      slope[c] =
        ofBatch
        ? Float(products[c] * inverseDeviation[c] * inverseDeviation[c] / Double(rows)) : 0
    }
    pool.run(blocks) { range in
      for row in range {
        let start = row * channels
        sweep(
          0..<channels,
          InputGradientStep(
            x: values + start, gradient: gated + start, means: means, transform: rest,
            offset: offset, slope: slope, result: result + start))
      }
    }
  }
  return (
    (0..<channels).map { Float(products[$0] * inverseDeviation[$0]) }, sums.map(Float.init)
  )
}

private struct GradientSumStep: LaneStep {
  let x: UnsafePointer<Float>
  let gradient: UnsafePointer<Float>
  let means: UnsafePointer<Float>
  let transform: UnownedTransform
  let channels: Int
  let rows: Range<Int>
  /// Where the gradient before the activation goes, if it is wanted again.
  let gated: UnsafeMutablePointer<Float>?
  let sums: UnsafeMutablePointer<Float>
  let products: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let mean = L.load(means + c)
    let scale = L.load(transform.scale + c)
    let shift = L.load(transform.shift + c)
    var sum = (L(repeating: 0), L(repeating: 0))
    var product = (L(repeating: 0), L(repeating: 0))
    @inline(__always) func take(_ row: Int, _ sum: inout L, _ product: inout L) {
      let x = L.load(self.x + row * channels + c)
      let g = transform.activation.gradient(
        L.load(gradient + row * channels + c), at: shift.addingProduct(x, scale))
      if let gated { g.store(gated + row * channels + c) }
      sum = sum + g
      product = product.addingProduct(g, x - mean)
    }
    var row = rows.lowerBound
    while row + 2 <= rows.upperBound {
      take(row, &sum.0, &product.0)
      take(row + 1, &sum.1, &product.1)
      row += 2
    }
    if row < rows.upperBound { take(row, &sum.0, &product.0) }
    (sum.0 + sum.1).store(sums + c)
    (product.0 + product.1).store(products + c)
  }
}

private struct InputGradientStep: LaneStep {
  let x: UnsafePointer<Float>
  let gradient: UnsafePointer<Float>
  let means: UnsafePointer<Float>
  let transform: UnownedTransform
  let offset: UnsafePointer<Float>
  let slope: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let x = L.load(x + c)
    let g = transform.activation.gradient(
      L.load(gradient + c), at: transform.affine(x, channel: c))
    let centred = g - L.load(offset + c) - (x - L.load(means + c)) * L.load(slope + c)
    (centred * L.load(transform.scale + c)).store(result + c)
  }
}

/// Blocks of about 2¹⁵ floats, which stay in the cache between the passes over them.
private func rowBlocks(rows: Int, channels: Int) -> Partition {
  Partition(rows, least: min(rows, max(1, (1 << 15) / channels)), limit: Int.max)
}
