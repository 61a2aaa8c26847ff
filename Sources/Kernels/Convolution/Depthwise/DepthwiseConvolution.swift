import Tensors

// Depthwise convolution: each channel of [N,H,W,C] with a filter of its own, filters[R,S,1,C].
// Work is cut by image and by blocks of channels, whose rows in sight stay in the cache.

/// `output[N,H',W',C]`, overwritten; the input is transformed as it is loaded.
func convolveDepthwise(
  _ input: StoredTensor, transform: ChannelTransform?, filters: Tensor, into output: StoredTensor,
  geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  let results = StoredNumbers(output)
  func convolve<Number: StoredNumber>(_ number: Number.Type) {
    convolveDepthwise(
      StoredNumbers(input), transform: transform?.unowned, filters: filters.pointer,
      into: results.of(number), geometry: g, pool: pool)
  }
  switch results.format {
  case .fp32: convolve(Float.self)
  case .bf16: convolve(BFloat16.self)
  case .fp16: convolve(Half.self)
  }
}

private func convolveDepthwise<Result: StoredNumber>(
  _ images: StoredNumbers, transform: UnownedTransform?, filters: UnsafePointer<Float>,
  into results: UnsafeMutablePointer<Result>, geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  let blocks = g.channelBlocks(rowWidth: g.windowRowWidth, rows: g.window)
  let taps = g.window * g.window
  pool.run(g.images * blocks.chunks) { chunk in
    let (image, channels) = (chunk / blocks.chunks, blocks[chunk % blocks.chunks])
    let ringSize = g.windowRingSize(channels: channels.count)
    let laid = channels.count.roundedUp(to: RowRing.lanes)
    BufferPool.shared.withScratch(ringSize + taps * laid) { memory in
      let weights = DepthwiseWeights(memory + ringSize, taps: taps)
      for tap in 0..<taps {
        weights.load(
          tap, from: filters + (tap * g.channels + channels.lowerBound), channels: channels.count)
      }
      var ring = RowRing(memory, ofWindowsIn: g, channels: channels)
      for y in 0..<g.outputHeight {
        let first = ring.load(windowsOf: y, image: image, of: images, g, transform: transform)
        let row = (image * g.outputHeight + y) * g.outputWidth
        sweep(
          0..<channels.count,
          WindowRowStep(
            ring: ring, offset: 0, firstSlot: ring.slot(of: first), stride: g.stride,
            weights: weights, firstTap: 0, rows: g.window, columns: g.window,
            result: results + (row * g.channels + channels.lowerBound), resultPixel: g.channels,
            count: g.outputWidth, accumulating: false))
      }
    }
  }
}

/// The filters of some channels in blocks of a vector, as a ring's channels are: `[blocks, taps,
/// lanes]`.
struct DepthwiseWeights {
  let memory: UnsafeMutablePointer<Float>
  let taps: Int

  /// - Parameter memory: `taps` floats for each channel, those of the last block filled up.
  init(_ memory: UnsafeMutablePointer<Float>, taps: Int) {
    self.memory = memory
    self.taps = taps
  }

  /// Floats from one block to the next.
  var block: Int { taps * RowRing.lanes }

  /// Puts the channels' weights of one tap at place `tap`.
  func load(_ tap: Int, from filters: UnsafePointer<Float>, channels: Int) {
    loadPixels(
      1, from: filters, pixel: 0, into: memory + tap * RowRing.lanes, place: 0, block: block,
      channels: channels, transform: nil)
  }
}

/// One row of results: `result[x] = Σ_{r,s} ring[r, offset + x·stride + s] · weights[r, s]`, the
/// weights from `firstTap` on.
struct WindowRowStep<Result: StoredNumber>: LaneStep {
  let ring: RowRing
  /// Pixels of a row before the one that the first result sees first.
  let offset: Int
  let firstSlot: Int
  let stride: Int
  let weights: DepthwiseWeights
  /// The window's taps follow one another from this one on.
  let firstTap: Int
  let rows: Int
  let columns: Int
  let result: UnsafeMutablePointer<Result>
  let resultPixel: Int
  let count: Int
  let accumulating: Bool

  /// The usual windows have loops of their own, in which a value that several results see is loaded
  /// once. The order of a result's sum is the same in all.
  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    switch (columns, stride) {
    case (1, 1): writeRow(c, TapRow<1, 1>.self, L.self)
    case (2, 1): writeRow(c, TapRow<2, 1>.self, L.self)
    case (3, 1): writeRow(c, TapRow<3, 1>.self, L.self)
    case (5, 1): writeRow(c, TapRow<5, 1>.self, L.self)
    case (7, 1): writeRow(c, TapRow<7, 1>.self, L.self)
    case (3, 2): writeRow(c, TapRow<3, 2>.self, L.self)
    case (5, 2): writeRow(c, TapRow<5, 2>.self, L.self)
    default: writeRow(c, TapRow<1, 0>.self, L.self)
    }
  }

  private func writeRow<L: Lanes, let piece: Int, let step: Int>(
    _ c: Int, _: TapRow<piece, step>.Type, _: L.Type
  ) {
    let (pieces, stride) = step == 0 ? (columns, self.stride) : (1, step)
    let zero = L(repeating: 0)
    let (number, lane) = c.quotientAndRemainder(dividingBy: RowRing.lanes)
    let pixels = ring.memory + (number * ring.block + offset * RowRing.lanes + lane)
    let taps = weights.memory + (number * weights.block + firstTap * RowRing.lanes + lane)
    let (row, slots) = (ring.row, ring.slots)
    let advance = stride * RowRing.lanes
    var x = 0
    while x < count {
      var (a0, a1, a2, a3, a4, a5, a6) = (zero, zero, zero, zero, zero, zero, zero)
      var weight = UnsafePointer(taps)
      var slot = firstSlot
      for _ in 0..<rows {
        var source = UnsafePointer(pixels) + (slot * row + x * advance)
        for _ in 0..<pieces {
          a0.add(piece, source, weight)
          a1.add(piece, source + advance, weight)
          a2.add(piece, source + 2 * advance, weight)
          a3.add(piece, source + 3 * advance, weight)
          a4.add(piece, source + 4 * advance, weight)
          a5.add(piece, source + 5 * advance, weight)
          a6.add(piece, source + 6 * advance, weight)
          weight += piece * RowRing.lanes
          source += piece * RowRing.lanes
        }
        slot += 1
        if slot == slots { slot = 0 }
      }
      let target = result + (x * resultPixel + c)
      let left = count - x
      put(a0, target)
      if left > 1 { put(a1, target + resultPixel) }
      if left > 2 { put(a2, target + 2 * resultPixel) }
      if left > 3 { put(a3, target + 3 * resultPixel) }
      if left > 4 { put(a4, target + 4 * resultPixel) }
      if left > 5 { put(a5, target + 5 * resultPixel) }
      if left > 6 { put(a6, target + 6 * resultPixel) }
      x += RowRing.results
    }
  }

  @inline(__always) func put<L: Lanes>(_ value: L, _ target: UnsafeMutablePointer<Result>) {
    (accumulating ? L.load(UnsafePointer(target)) + value : value).store(target)
  }
}

/// `count` taps of a window's row that are taken together, at results `stride` pixels apart:
/// numbers that the compiler knows. With a stride of 0, which it doesn't know, they are taken one
/// by one.
private enum TapRow<let count: Int, let stride: Int> {}

extension Lanes {
  /// Adds `count` products of neighbouring pixels and taps.
  @inline(__always) fileprivate mutating func add(
    _ count: Int, _ pixels: UnsafePointer<Float>, _ taps: UnsafePointer<Float>
  ) {
    for place in 0..<count {
      self = addingProduct(
        .load(pixels + place * RowRing.lanes), .load(taps + place * RowRing.lanes))
    }
  }
}

extension ConvolutionGeometry {
  /// Blocks of channels for which `rows` rows of `rowWidth` pixels take about 128 KB.
  func channelBlocks(rowWidth: Int, rows: Int) -> Partition {
    let fitting = max(16, 32768 / (rowWidth * rows) / 16 * 16)
    return Partition(channels, least: min(channels, fitting), grain: 16, limit: Int.max)
  }
}
