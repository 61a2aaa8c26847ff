import Tensors

// The two gradients of a depthwise convolution. Both overwrite their output, unless `accumulating`.

/// The gradient with respect to the (transformed) input. A row and column of the input belong, by
/// their remainders to the stride, to a class that sees every `stride`-th tap of the filters;
/// within a class it is a convolution of the output's gradient with those taps in reverse.
func convolveDepthwiseInputGradient(
  _ outputGradient: StoredTensor, filters: Tensor, into inputGradient: StoredTensor,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  let results = StoredNumbers(inputGradient)
  func convolve<Number: StoredNumber>(_ number: Number.Type) {
    convolveDepthwiseInputGradient(
      StoredNumbers(outputGradient), filters: filters.pointer, into: results.of(number),
      geometry: g, accumulating: accumulating, pool: pool)
  }
  switch results.format {
  case .fp32: convolve(Float.self)
  case .bf16: convolve(BFloat16.self)
  case .fp16: convolve(Half.self)
  }
}

private func convolveDepthwiseInputGradient<Result: StoredNumber>(
  _ gradients: StoredNumbers, filters: UnsafePointer<Float>,
  into results: UnsafeMutablePointer<Result>, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  /// Rows of the output's gradient that a row of the input sees at most.
  let reach = (g.window + g.stride - 1) / g.stride
  let last = (g.width - 1 + g.padding) / g.stride
  let width = reach - 1 + max(last + 1 + RowRing.results, g.outputWidth)
  let blocks = g.channelBlocks(rowWidth: width, rows: reach)
  pool.run(g.images * blocks.chunks) { chunk in
    let (image, channels) = (chunk / blocks.chunks, blocks[chunk % blocks.chunks])
    let ringSize = RowRing.size(slots: reach, width: width, channels: channels.count)
    let laid = channels.count.roundedUp(to: RowRing.lanes)
    BufferPool.shared.withScratch(ringSize + g.window * g.window * laid) { memory in
      let weights = DepthwiseWeights(memory + ringSize, taps: g.window * g.window)
      var starts: [Int] = []
      var tap = 0
      for a in 0..<g.stride {
        for b in 0..<g.stride {
          starts.append(tap)
          for r in stride(from: a, to: g.window, by: g.stride).reversed() {
            for s in stride(from: b, to: g.window, by: g.stride).reversed() {
              let source = (r * g.window + s) * g.channels + channels.lowerBound
              weights.load(tap, from: filters + source, channels: channels.count)
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
              ring: ring, offset: right + reach - columns,
              firstSlot: ring.slot(of: bottom - rows + 1), stride: 1, weights: weights,
              firstTap: starts[a * g.stride + b], rows: rows, columns: columns,
              result: results + target, resultPixel: g.stride * g.channels,
              count: (g.width - x + g.stride - 1) / g.stride, accumulating: accumulating))
        }
      }
    }
  }
}

/// The gradient with respect to the filters: a sum over images and rows, as a fixed number of
/// partial sums that are added in order.
func convolveDepthwiseFilterGradient(
  _ input: StoredTensor, transform: ChannelTransform?, outputGradient: StoredTensor,
  into filterGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  let gradients = StoredNumbers(outputGradient)
  func convolve<Number: StoredNumber>(_ number: Number.Type) {
    convolveDepthwiseFilterGradient(
      StoredNumbers(input), transform: transform?.unowned,
      outputGradient: UnsafePointer(gradients.of(number)), into: filterGradient.pointer,
      geometry: g, accumulating: accumulating, pool: pool)
  }
  switch gradients.format {
  case .fp32: convolve(Float.self)
  case .bf16: convolve(BFloat16.self)
  case .fp16: convolve(Half.self)
  }
}

private func convolveDepthwiseFilterGradient<Number: StoredNumber>(
  _ images: StoredNumbers, transform: UnownedTransform?,
  outputGradient gradients: UnsafePointer<Number>,
  into result: UnsafeMutablePointer<Float>, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  let taps = g.window * g.window
  let blocks = g.channelBlocks(rowWidth: g.windowRowWidth, rows: g.window)
  let partials = Partition(g.images, limit: 4)
  BufferPool.shared.withScratch(partials.chunks * taps * g.channels) { sums in
    pool.run(partials.chunks * blocks.chunks) { chunk in
      let (partial, channels) = (chunk / blocks.chunks, blocks[chunk % blocks.chunks])
      let sum = sums + partial * taps * g.channels + channels.lowerBound
      for tap in 0..<taps {
        (sum + tap * g.channels).update(repeating: 0, count: channels.count)
      }
      BufferPool.shared.withScratch(g.windowRingSize(channels: channels.count)) { memory in
        for image in partials[partial] {
          var ring = RowRing(memory, ofWindowsIn: g, channels: channels)
          for y in 0..<g.outputHeight {
            let first = ring.load(windowsOf: y, image: image, of: images, g, transform: transform)
            let row = (image * g.outputHeight + y) * g.outputWidth
            sweep(
              0..<channels.count,
              FilterRowStep(
                ring: ring, firstSlot: ring.slot(of: first), stride: g.stride, window: g.window,
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

/// One row's share of the filters' gradient: `sum[r, s] += Σ_x gradient[x] · ring[r, x·stride +
/// s]`.
private struct FilterRowStep<Gradient: StoredNumber>: LaneStep {
  let ring: RowRing
  let firstSlot: Int
  let stride: Int
  let window: Int
  let gradient: UnsafePointer<Gradient>
  let channels: Int
  let count: Int
  let sum: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let zero = L(repeating: 0)
    let advance = stride * RowRing.lanes
    let (number, lane) = c.quotientAndRemainder(dividingBy: RowRing.lanes)
    let pixels = UnsafePointer(ring.memory) + (number * ring.block + lane)
    var total = sum + c
    var slot = firstSlot
    for _ in 0..<window {
      for s in 0..<window {
        var source = pixels + (slot * ring.row + s * RowRing.lanes)
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
      if slot == ring.slots { slot = 0 }
    }
  }
}

extension ConvolutionGeometry {
  /// How many taps of the window lie at `remainder` modulo the stride.
  fileprivate func taps(of remainder: Int) -> Int {
    (window - remainder + stride - 1) / stride
  }
}
