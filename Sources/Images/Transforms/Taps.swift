import CProcessor
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

  /// Filters rows of interleaved channels, each of which begins with the first input, `stride` bytes after
  /// the one before.
  func filter(
    _ source: UnsafePointer<UInt8>, rows: Int, stride: Int, channels: Int,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    if channels == 3 { return filterColour(source, rows: rows, stride: stride, into: target) }
    weights.withUnsafeBufferPointer { weights in
      for row in 0..<rows {
        for output in starts.indices {
          for channel in 0..<channels {
            var sum = Self.half
            for tap in 0..<span {
              let value = source[row &* stride &+ (starts[output] &+ tap) &* channels &+ channel]
              sum &+= Int32(value) &* weights[output &* span &+ tap]
            }
            target[(row &* outputs &+ output) &* channels &+ channel] =
              UInt8(clamping: sum >> Self.precision)
          }
        }
      }
    }
  }

  /// The same for three channels: two rows at a time, four lanes for each, so that a weight is loaded once
  /// for both.
  private func filterColour(
    _ source: UnsafePointer<UInt8>, rows: Int, stride: Int, into target: UnsafeMutablePointer<UInt8>
  ) {
    weights.withUnsafeBufferPointer { weights in
      for row in Swift.stride(from: 0, to: rows, by: 2) {
        // A last row without a second one is its own.
        let (below, out) = row + 1 < rows ? (stride, 3 * outputs) : (0, 0)
        let line = source + row * stride
        var target = target + row * 3 * outputs
        var place = 0
        for start in starts {
          var pixel = line + 3 * start
          var sums = SIMD8(repeating: Self.half)
          for _ in 0..<span {
            sums &+= tutti_load_both(pixel, pixel + below) &* SIMD8(repeating: weights[place])
            pixel += 3
            place &+= 1
          }
          let both = Self.rounded(sums)
          for channel in 0..<3 {
            target[channel] = both[channel]
            target[out + channel] = both[4 + channel]
          }
          target += 3
        }
      }
    }
  }

  /// Output row `output` as the weighted mean of `length` bytes of rows, of which each begins `stride`
  /// bytes after the one before; the first is the first input. Writes up to a vector more.
  func combine(
    _ rows: UnsafePointer<UInt8>, stride: Int, length: Int, output: Int,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    let first = rows + starts[output] * stride
    weights.withUnsafeBufferPointer { weights in
      for x in Swift.stride(from: 0, to: length, by: 16) {
        var low = SIMD8(repeating: Self.half)
        var high = low
        var place = first + x
        for tap in (output &* span)..<((output &+ 1) &* span) {
          let weight = SIMD8(repeating: weights[tap])
          low &+= tutti_load_bytes(place) &* weight
          high &+= tutti_load_bytes(place + 8) &* weight
          place += stride
        }
        UnsafeMutableRawPointer(target + x).storeBytes(
          of: SIMD16(lowHalf: Self.rounded(low), highHalf: Self.rounded(high)),
          as: SIMD16<UInt8>.self)
      }
    }
  }

  @inline(__always)
  private static func rounded(_ sums: SIMD8<Int32>) -> SIMD8<UInt8> {
    tutti_low_bytes(tutti_limit_to_bytes(tutti_shifted(sums, precision)))
  }
}
