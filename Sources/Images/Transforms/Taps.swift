import Tensors

/// A resampling filter for 8-bit pixels: output i is the weighted mean of `span` inputs from
/// `starts[i]` on, counted from the first input that any output needs.
///
/// As in Pillow: weights are rounded to fixed point with 22 fractional bits, and sums clamped to 8
/// bits, which bicubic filters can overshoot.
struct Taps {
  private static let precision: Int32 = 22
  private static let half: Int32 = 1 << (precision - 1)

  /// The inputs that the outputs depend on.
  let inputs: Range<Int>
  private let starts: [Int]
  /// The same for all outputs: what varies costs more in wrong branch predictions than a zero does.
  private let span: Int
  /// `[outputs, span]`
  private let weights: [Int32]

  /// - Parameter kept: the outputs to be computed; output 0 is the first of them.
  init(
    from inputs: Int, to outputs: Int, keeping kept: Range<Int>, _ interpolation: Interpolation
  ) {
    let filter = ResamplingFilter(from: inputs, to: outputs, keeping: kept, interpolation)
    let (first, last) = (filter.starts.min() ?? 0, filter.starts.max() ?? 0)
    self.inputs = first..<(last + filter.span)
    span = filter.span
    starts = filter.starts.map { $0 - first }
    weights = filter.weights.map { weight in
      Int32((weight < 0 ? -0.5 : 0.5) + weight * Double(1 << Self.precision))
    }
  }

  var outputs: Int { starts.count }

  /// Filters one row of interleaved channels, which begins with the first input.
  func filter(
    _ row: UnsafePointer<UInt8>, channels: Int, into target: UnsafeMutablePointer<UInt8>
  ) {
    if channels == 3 { return filterColour(row, into: target) }
    weights.withUnsafeBufferPointer { weights in
      for output in starts.indices {
        for channel in 0..<channels {
          var sum = Self.half
          for tap in 0..<span {
            let value = row[(starts[output] &+ tap) &* channels &+ channel]
            sum &+= Int32(value) &* weights[output &* span &+ tap]
          }
          target[output &* channels &+ channel] = Self.rounded(sum)
        }
      }
    }
  }

  /// The same for three channels: a weight is loaded once for all of them.
  private func filterColour(
    _ row: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>
  ) {
    weights.withUnsafeBufferPointer { weights in
      guard var weight = weights.baseAddress else { return }
      var out = target
      for start in starts {
        var pixel = row + start &* 3
        var (red, green, blue) = (Self.half, Self.half, Self.half)
        for _ in 0..<span {
          red &+= Int32(pixel[0]) &* weight[0]
          green &+= Int32(pixel[1]) &* weight[0]
          blue &+= Int32(pixel[2]) &* weight[0]
          pixel += 3
          weight += 1
        }
        out[0] = Self.rounded(red)
        out[1] = Self.rounded(green)
        out[2] = Self.rounded(blue)
        out += 3
      }
    }
  }

  /// Output row `output` as the weighted mean of `length` bytes of rows, of which each begins `stride`
  /// bytes after the one before; the first is the first input. `sums` is scratch for as many.
  func combine(
    _ rows: UnsafePointer<UInt8>, stride: Int, length: Int, output: Int,
    sums: UnsafeMutablePointer<Int32>, into target: UnsafeMutablePointer<UInt8>
  ) {
    sums.update(repeating: Self.half, count: length)
    for tap in 0..<span {
      let weight = weights[output * span + tap]
      if weight == 0 { continue }
      let row = rows + (starts[output] + tap) * stride
      for x in 0..<length { sums[x] &+= Int32(row[x]) &* weight }
    }
    for x in 0..<length { target[x] = Self.rounded(sums[x]) }
  }

  @inline(__always)
  private static func rounded(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> precision) }
}
