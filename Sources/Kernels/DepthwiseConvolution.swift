import Tensors

// Depthwise convolution: each channel of [N,H,W,C] with a filter of its own, filters[R,S,1,C].
// Work is cut by image and by blocks of channels, whose rows in sight stay in the cache.

/// `output[N,H',W',C]`, overwritten; the input is transformed as it is loaded.
func convolveDepthwise(
  _ input: Tensor, transform: ChannelTransform?, filters: Tensor, into output: Tensor,
  geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  let transform = transform?.unowned
  let (images, results, filters) = (input.pointer, output.pointer, filters.pointer)
  let width = (g.outputWidth.roundedUp(to: WindowRowStep.pixels) - 1) * g.stride + g.window
  let blocks = g.channelBlocks(rowWidth: width, rows: g.window)
  pool.run(g.images * blocks.chunks) { chunk in
    let (image, channels) = (chunk / blocks.chunks, blocks[chunk % blocks.chunks])
    let ringWidth = max(width, g.padding + g.width)
    let ringSize = g.window * ringWidth * channels.count
    BufferPool.shared.withScratch(ringSize + g.window * g.window * channels.count) { memory in
      let weights = memory + ringSize
      for tap in 0..<(g.window * g.window) {
        (weights + tap * channels.count)
          .update(from: filters + tap * g.channels + channels.lowerBound, count: channels.count)
      }
      var ring = RowRing(
        memory, slots: g.window, width: ringWidth, before: g.padding, channels: channels,
        first: -g.padding)
      for y in 0..<g.outputHeight {
        let first = y * g.stride - g.padding
        ring.load(
          through: first + g.window - 1, of: images + image * g.height * g.width * g.channels,
          rows: g.height, columns: g.width, imageChannels: g.channels, transform: transform)
        let row = (image * g.outputHeight + y) * g.outputWidth
        sweep(
          0..<channels.count,
          WindowRowStep(
            ring: ring.memory, pixel: ring.pixel, row: ring.row, slots: ring.slots,
            firstSlot: ring.slot(of: first), stride: g.stride, weights: weights, rows: g.window,
            columns: g.window, result: results + (row * g.channels + channels.lowerBound),
            resultPixel: g.channels, count: g.outputWidth, accumulating: false))
      }
    }
  }
}

/// One row of results: `result[x] = Σ_{r,s} ring[r, x·stride + s] · weights[r, s]`.
struct WindowRowStep: LaneStep {
  /// Results side by side, enough to hide the latency of an addition; the widths of nets for 224
  /// pixels (112, 56, 28, 14, 7) are multiples. The ring is wide enough to be read past the end.
  static let pixels = 7

  let ring: UnsafePointer<Float>
  let pixel: Int
  let row: Int
  let slots: Int
  let firstSlot: Int
  let stride: Int
  let weights: UnsafePointer<Float>
  let rows: Int
  let columns: Int
  let result: UnsafeMutablePointer<Float>
  let resultPixel: Int
  let count: Int
  let accumulating: Bool

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let zero = L(repeating: 0)
    let advance = stride * pixel
    var x = 0
    while x < count {
      var (a0, a1, a2, a3, a4, a5, a6) = (zero, zero, zero, zero, zero, zero, zero)
      var weight = weights + c
      var slot = firstSlot
      for _ in 0..<rows {
        var source = ring + (slot * row + x * advance + c)
        for _ in 0..<columns {
          let w = L.load(weight)
          a0 = a0.addingProduct(L.load(source), w)
          a1 = a1.addingProduct(L.load(source + advance), w)
          a2 = a2.addingProduct(L.load(source + 2 * advance), w)
          a3 = a3.addingProduct(L.load(source + 3 * advance), w)
          a4 = a4.addingProduct(L.load(source + 4 * advance), w)
          a5 = a5.addingProduct(L.load(source + 5 * advance), w)
          a6 = a6.addingProduct(L.load(source + 6 * advance), w)
          weight += pixel
          source += pixel
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
      x += Self.pixels
    }
  }

  @inline(__always) func put<L: Lanes>(_ value: L, _ target: UnsafeMutablePointer<Float>) {
    (accumulating ? L.load(target) + value : value).store(target)
  }
}

extension ConvolutionGeometry {
  /// Blocks of channels for which `rows` rows of `rowWidth` pixels take about 128 KB.
  func channelBlocks(rowWidth: Int, rows: Int) -> Partition {
    let fitting = max(16, 32768 / (rowWidth * rows) / 16 * 16)
    return Partition(channels, least: min(channels, fitting), grain: 16, limit: Int.max)
  }
}
