package import Tensors

// Batch normalisation (Ioffe and Szegedy, 2015) over the rows of [rows, C], rows = N·H·W. Sums run
// over fixed blocks of rows in Float and over the blocks in Double, in order. All loops take row
// after row, though their sums pass through memory for it: what comes from far away must come in
// order. The blocks' sums start in lines of their own, since threads write them at the same time.

/// The mean and biased variance of each channel, `[C]`. Within a block the sums are of differences
/// from the mean of its first rows, and blocks are joined by Chan's pairwise update, so that a
/// large mean costs no digits.
package func batchMoments(
  _ x: StoredTensor, pool: ThreadPool
) -> (mean: [Double], variance: [Double]) {
  func moments<Number: StoredNumber>(_ number: Number.Type) -> (mean: [Double], variance: [Double])
  {
    batchMoments(UnsafePointer(StoredNumbers(x).of(number)), x.shape, pool: pool)
  }
  switch x.format {
  case .fp32: return moments(Float.self)
  case .bf16: return moments(BFloat16.self)
  case .fp16: return moments(Half.self)
  }
}

private func batchMoments<Number: StoredNumber>(
  _ x: UnsafePointer<Number>, _ shape: Shape, pool: ThreadPool
) -> (mean: [Double], variance: [Double]) {
  let channels = shape[shape.rank - 1]
  let rows = shape.count / channels
  let blocks = rowBlocks(rows: rows, channels: channels)
  var mean = [Double](repeating: 0, count: channels)
  var squares = mean
  let partial = (3 * channels).roundedUp(to: 16)
  BufferPool.shared.withScratch(blocks.chunks * partial) { partials in
    pool.run(blocks.chunks) { block in
      let (rows, near) = (blocks[block], partials + block * partial)
      near.update(repeating: 0, count: 3 * channels)
      let first = rows.prefix(8)
      for row in first {
        sweep(0..<channels, SumStep(x: x + row * channels, sum: near))
      }
      for c in 0..<channels { near[c] /= Float(first.count) }
      for row in rows {
        sweep(
          0..<channels,
          MomentStep(
            x: x + row * channels, near: near, sums: near + channels,
            squares: near + 2 * channels))
      }
    }
    var count = 0.0
    for block in 0..<blocks.chunks {
      let size = Double(blocks[block].count)
      let near = partials + block * partial
      for c in 0..<channels {
        let offset = Double(near[channels + c]) / size
        let difference = Double(near[c]) + offset - mean[c]
        mean[c] += difference * size / (count + size)
        // What rounding made negative is zero; what isn't finite gets in by the difference.
        squares[c] +=
          max(0, Double(near[2 * channels + c]) - offset * offset * size)
          + difference * difference * count * size / (count + size)
      }
      count += size
    }
  }
  return (mean, squares.map { $0 / Double(rows) })
}

/// Adds a row.
private struct SumStep<Number: StoredNumber>: LaneStep {
  let x: UnsafePointer<Number>
  let sum: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    (L.load(sum + c) + L.load(x + c)).store(sum + c)
  }
}

/// Adds a row's differences from `near`, and their squares.
private struct MomentStep<Number: StoredNumber>: LaneStep {
  let x: UnsafePointer<Number>
  let near: UnsafePointer<Float>
  let sums: UnsafeMutablePointer<Float>
  let squares: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let difference = L.load(x + c) - L.load(near + c)
    (L.load(sums + c) + difference).store(sums + c)
    L.load(squares + c).addingProduct(difference, difference).store(squares + c)
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
  _ x: StoredTensor, mean: [Double], inverseDeviation: [Double], ofBatch: Bool,
  transform: ChannelTransform, gradient: StoredTensor, into inputGradient: StoredTensor,
  pool: ThreadPool
) -> (scale: [Float], shift: [Float]) {
  let (values, gradients) = (StoredNumbers(x), StoredNumbers(gradient))
  func run<Value: StoredNumber, Gradient: StoredNumber>(
    _ value: Value.Type, _ number: Gradient.Type
  ) -> (scale: [Float], shift: [Float]) {
    batchNormGradient(
      UnsafePointer(values.of(value)), x.shape, mean: mean, inverseDeviation: inverseDeviation,
      ofBatch: ofBatch, transform: transform.unowned, gradient: UnsafePointer(gradients.of(number)),
      into: StoredNumbers(inputGradient).of(number), pool: pool)
  }
  switch Precision(activations: values.format, gradients: gradients.format) {
  case .fp32: return run(Float.self, Float.self)
  case .bf16: return run(BFloat16.self, BFloat16.self)
  case .fp16: return run(Half.self, Float.self)
  case .fp16Gradients: return run(Half.self, Half.self)
  }
}

private func batchNormGradient<Value: StoredNumber, Gradient: StoredNumber>(
  _ values: UnsafePointer<Value>, _ shape: Shape, mean: [Double], inverseDeviation: [Double],
  ofBatch: Bool, transform pending: UnownedTransform, gradient gradients: UnsafePointer<Gradient>,
  into result: UnsafeMutablePointer<Gradient>, pool: ThreadPool
) -> (scale: [Float], shift: [Float]) {
  let channels = shape[shape.rank - 1]
  let rows = shape.count / channels
  let blocks = rowBlocks(rows: rows, channels: channels)
  // An activation that costs more to differentiate than to write down is done once.
  let isGatedOnce = !pending.activation.isGatedByOutput
  let gated = isGatedOnce ? UnsafePointer(result) : gradients
  let rest = UnownedTransform(
    scale: pending.scale, shift: pending.shift,
    activation: isGatedOnce ? .identity : pending.activation)
  var sums = [Double](repeating: 0, count: channels)
  var products = sums
  // The means and the two coefficients of the last pass, then the blocks' partial sums.
  let (head, partial) = ((3 * channels).roundedUp(to: 16), (2 * channels).roundedUp(to: 16))
  BufferPool.shared.withScratch(head + blocks.chunks * partial) { means in
    let (offset, slope) = (means + channels, means + 2 * channels)
    let partials = means + head
    for c in 0..<channels { means[c] = Float(mean[c]) }
    pool.run(blocks.chunks) { block in
      let sums = partials + block * partial
      sums.update(repeating: 0, count: 2 * channels)
      for row in blocks[block] {
        let start = row * channels
        sweep(
          0..<channels,
          GradientSumStep(
            x: values + start, gradient: gradients + start, means: means, transform: pending,
            gated: isGatedOnce ? result + start : nil, sums: sums, products: sums + channels))
      }
    }
    for block in 0..<blocks.chunks {
      let ofBlock = partials + block * partial
      for c in 0..<channels {
        sums[c] += Double(ofBlock[c])
        products[c] += Double(ofBlock[channels + c])
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

/// Adds a row's gradient before the activation, and its product with x.
private struct GradientSumStep<Value: StoredNumber, Gradient: StoredNumber>: LaneStep {
  let x: UnsafePointer<Value>
  let gradient: UnsafePointer<Gradient>
  let means: UnsafePointer<Float>
  let transform: UnownedTransform
  /// Where the gradient before the activation goes, if it is wanted again.
  let gated: UnsafeMutablePointer<Gradient>?
  let sums: UnsafeMutablePointer<Float>
  let products: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let x = L.load(x + c)
    let g = transform.activation.gradient(
      L.load(gradient + c), at: transform.affine(x, channel: c))
    if let gated { g.store(gated + c) }
    (L.load(sums + c) + g).store(sums + c)
    L.load(products + c).addingProduct(g, x - L.load(means + c)).store(products + c)
  }
}

private struct InputGradientStep<Value: StoredNumber, Gradient: StoredNumber>: LaneStep {
  let x: UnsafePointer<Value>
  let gradient: UnsafePointer<Gradient>
  let means: UnsafePointer<Float>
  let transform: UnownedTransform
  let offset: UnsafePointer<Float>
  let slope: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Gradient>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let x = L.load(x + c)
    let g = transform.activation.gradient(
      L.load(gradient + c), at: transform.affine(x, channel: c))
    let centred = g - L.load(offset + c) - (x - L.load(means + c)) * L.load(slope + c)
    (centred * L.load(transform.scale + c)).store(result + c)
  }
}

/// Blocks of about 2¹⁵ floats: few enough rows for sums in Float, and blocks enough for many
/// threads.
private func rowBlocks(rows: Int, channels: Int) -> Partition {
  Partition(rows, least: min(rows, max(1, (1 << 15) / channels)), limit: Int.max)
}
