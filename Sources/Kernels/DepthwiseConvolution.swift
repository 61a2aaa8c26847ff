import Tensors

// Depthwise convolution: each channel of [N,H,W,C] with a filter of its own, filters[R,S,1,C].
// Work is cut by image and by blocks of channels, whose rows in sight stay in the cache. All three
// functions overwrite their output, unless `accumulating`.

/// `output[N,H',W',C]`, the input transformed as it is loaded.
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

/// The gradient with respect to the (transformed) input. A row and column of the input belong, by
/// their remainders to the stride, to a class that sees every `stride`-th tap of the filters; within
/// a class it is a convolution of the output's gradient with those taps in reverse.
func convolveDepthwiseInputGradient(
  _ outputGradient: Tensor, filters: Tensor, into inputGradient: Tensor,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  let (gradients, results, filters) = (
    outputGradient.pointer, inputGradient.pointer, filters.pointer
  )
  /// Rows of the output's gradient that a row of the input sees at most.
  let reach = (g.window + g.stride - 1) / g.stride
  let last = (g.width - 1 + g.padding) / g.stride
  let width = reach - 1 + max(last + 1 + WindowRowStep.pixels, g.outputWidth)
  let blocks = g.channelBlocks(rowWidth: width, rows: reach)
  pool.run(g.images * blocks.chunks) { chunk in
    let (image, channels) = (chunk / blocks.chunks, blocks[chunk % blocks.chunks])
    let ringSize = reach * width * channels.count
    BufferPool.shared.withScratch(ringSize + g.window * g.window * channels.count) { memory in
      let weights = memory + ringSize
      var starts: [Int] = []
      var tap = 0
      for a in 0..<g.stride {
        for b in 0..<g.stride {
          starts.append(tap)
          for r in stride(from: a, to: g.window, by: g.stride).reversed() {
            for s in stride(from: b, to: g.window, by: g.stride).reversed() {
              let source = (r * g.window + s) * g.channels + channels.lowerBound
              (weights + tap * channels.count).update(from: filters + source, count: channels.count)
              tap += 1
            }
          }
        }
      }
      var ring = RowRing(
        memory, slots: reach, width: width, before: reach - 1, channels: channels,
        first: 1 - reach)
      for y in 0..<g.height {
        let (bottom, a) = (y + g.padding).quotientAndRemainder(dividingBy: g.stride)
        ring.load(
          through: bottom,
          of: gradients + image * g.outputHeight * g.outputWidth * g.channels,
          rows: g.outputHeight, columns: g.outputWidth, imageChannels: g.channels, transform: nil)
        let rows = g.taps(of: a)
        for x in 0..<min(g.stride, g.width) {
          let (right, b) = (x + g.padding).quotientAndRemainder(dividingBy: g.stride)
          let columns = g.taps(of: b)
          let target = ((image * g.height + y) * g.width + x) * g.channels + channels.lowerBound
          sweep(
            0..<channels.count,
            WindowRowStep(
              ring: ring.memory + (right + reach - columns) * ring.pixel, pixel: ring.pixel,
              row: ring.row, slots: ring.slots, firstSlot: ring.slot(of: bottom - rows + 1),
              stride: 1, weights: weights + starts[a * g.stride + b] * channels.count, rows: rows,
              columns: columns, result: results + target, resultPixel: g.stride * g.channels,
              count: (g.width - x + g.stride - 1) / g.stride, accumulating: accumulating))
        }
      }
    }
  }
}

/// The gradient with respect to the filters: a sum over images and rows, as a fixed number of
/// partial sums that are added in order.
func convolveDepthwiseFilterGradient(
  _ input: Tensor, transform: ChannelTransform?, outputGradient: Tensor,
  into filterGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  let transform = transform?.unowned
  let (images, gradients) = (input.pointer, outputGradient.pointer)
  let result = filterGradient.pointer
  let taps = g.window * g.window
  let width = max((g.outputWidth - 1) * g.stride + g.window, g.padding + g.width)
  let blocks = g.channelBlocks(rowWidth: width, rows: g.window)
  let partials = Partition(g.images, limit: 4)
  BufferPool.shared.withScratch(partials.chunks * taps * g.channels) { sums in
    pool.run(partials.chunks * blocks.chunks) { chunk in
      let (partial, channels) = (chunk / blocks.chunks, blocks[chunk % blocks.chunks])
      let sum = sums + partial * taps * g.channels + channels.lowerBound
      for tap in 0..<taps {
        (sum + tap * g.channels).update(repeating: 0, count: channels.count)
      }
      BufferPool.shared.withScratch(g.window * width * channels.count) { memory in
        for image in partials[partial] {
          var ring = RowRing(
            memory, slots: g.window, width: width, before: g.padding, channels: channels,
            first: -g.padding)
          for y in 0..<g.outputHeight {
            let first = y * g.stride - g.padding
            ring.load(
              through: first + g.window - 1, of: images + image * g.height * g.width * g.channels,
              rows: g.height, columns: g.width, imageChannels: g.channels, transform: transform)
            let row = (image * g.outputHeight + y) * g.outputWidth
            sweep(
              0..<channels.count,
              FilterRowStep(
                ring: ring.memory, pixel: ring.pixel, row: ring.row, slots: ring.slots,
                firstSlot: ring.slot(of: first), stride: g.stride, window: g.window,
                gradient: gradients + (row * g.channels + channels.lowerBound),
                channels: g.channels, count: g.outputWidth, sum: sum))
          }
        }
      }
    }
    pool.run(Partition(taps * g.channels, least: 16384)) { range in
      for partial in 0..<partials.chunks {
        let source = sums + (partial * taps * g.channels + range.lowerBound)
        if partial == 0 && !accumulating {
          (result + range.lowerBound).update(from: source, count: range.count)
        } else {
          add(source, to: result + range.lowerBound, count: range.count)
        }
      }
    }
  }
}

/// One row of results: `result[x] = Σ_{r,s} ring[r, x·stride + s] · weights[r, s]`.
private struct WindowRowStep: LaneStep {
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

/// One row's share of the filters' gradient: `sum[r, s] += Σ_x gradient[x] · ring[r, x·stride + s]`.
private struct FilterRowStep: LaneStep {
  let ring: UnsafePointer<Float>
  let pixel: Int
  let row: Int
  let slots: Int
  let firstSlot: Int
  let stride: Int
  let window: Int
  let gradient: UnsafePointer<Float>
  let channels: Int
  let count: Int
  let sum: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let zero = L(repeating: 0)
    let advance = stride * pixel
    var total = sum + c
    var slot = firstSlot
    for _ in 0..<window {
      for s in 0..<window {
        var source = ring + (slot * row + s * pixel + c)
        var factor = gradient + c
        var (a0, a1, a2, a3) = (zero, zero, zero, zero)
        var x = 0
        while x + 4 <= count {
          a0 = a0.addingProduct(L.load(source), L.load(factor))
          a1 = a1.addingProduct(L.load(source + advance), L.load(factor + channels))
          a2 = a2.addingProduct(L.load(source + 2 * advance), L.load(factor + 2 * channels))
          a3 = a3.addingProduct(L.load(source + 3 * advance), L.load(factor + 3 * channels))
          source += 4 * advance
          factor += 4 * channels
          x += 4
        }
        while x < count {
          a0 = a0.addingProduct(L.load(source), L.load(factor))
          source += advance
          factor += channels
          x += 1
        }
        (L.load(total) + ((a0 + a1) + (a2 + a3))).store(total)
        total += channels
      }
      slot += 1
      if slot == slots { slot = 0 }
    }
  }
}

extension ConvolutionGeometry {
  /// Blocks of channels for which `rows` rows of `rowWidth` pixels take about 128 KB.
  fileprivate func channelBlocks(rowWidth: Int, rows: Int) -> Partition {
    let fitting = max(16, 32768 / (rowWidth * rows) / 16 * 16)
    return Partition(channels, least: min(channels, fitting), grain: 16, limit: Int.max)
  }

  /// How many taps of the window lie at `remainder` modulo the stride.
  fileprivate func taps(of remainder: Int) -> Int {
    (window - remainder + stride - 1) / stride
  }
}
