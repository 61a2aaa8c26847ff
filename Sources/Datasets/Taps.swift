/// The weights of a bilinear filter with antialiasing along one axis: output `i` is the weighted mean
/// of `counts[i]` inputs from `starts[i]` on. As in Pillow: computed in Double, normalised, and
/// rounded to fixed point with 22 fractional bits.
struct Taps {
  private static let precision: Int32 = 22
  private static let half: Int32 = 1 << (precision - 1)

  private let starts: [Int]
  private let counts: [Int]
  /// `width` weights for each output; those beyond its count are zero.
  private let weights: [Int32]
  private let width: Int

  init(from inputs: Int, to outputs: Int) {
    let scale = Double(inputs) / Double(outputs)
    // Enlarging interpolates between two neighbours; reducing averages over what a pixel covers.
    let support = max(scale, 1)
    width = Int(support.rounded(.up)) * 2 + 1
    var starts: [Int] = []
    var counts: [Int] = []
    var weights = [Int32](repeating: 0, count: outputs * width)
    for output in 0..<outputs {
      let center = (Double(output) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), inputs)
      let triangle = (start..<end).map { input in
        max(0, 1 - abs((Double(input) - center + 0.5) * (1 / support)))
      }
      let sum = triangle.reduce(0, +)
      for (tap, value) in triangle.enumerated() {
        weights[output * width + tap] = Int32(0.5 + value / sum * Double(1 << Self.precision))
      }
      starts.append(start)
      counts.append(end - start)
    }
    self.starts = starts
    self.counts = counts
    self.weights = weights
  }

  /// The weights are not negative and sum to 1 but for rounding, so a sum is within 8 bits.
  @inline(__always)
  private static func rounded(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: sum >> precision)
  }

  /// Filters one row of any number of interleaved channels.
  func filter(
    _ row: UnsafePointer<UInt8>, channels: Int, into target: UnsafeMutablePointer<UInt8>
  ) {
    weights.withUnsafeBufferPointer { weights in
      for output in starts.indices {
        for channel in 0..<channels {
          var sum = Self.half
          var input = starts[output] &* channels &+ channel
          for tap in 0..<counts[output] {
            sum &+= Int32(row[input]) &* weights[output &* width &+ tap]
            input &+= channels
          }
          target[output &* channels &+ channel] = Self.rounded(sum)
        }
      }
    }
  }

  /// Filters one row of three interleaved channels: one weight is loaded for all three.
  func filterColour(_ row: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) {
    weights.withUnsafeBufferPointer { weights in
      guard var weight = weights.baseAddress else { return }
      var out = target
      for output in starts.indices {
        var pixel = row + starts[output] &* 3
        var (red, green, blue) = (Self.half, Self.half, Self.half)
        for tap in 0..<counts[output] {
          red &+= Int32(pixel[0]) &* weight[tap]
          green &+= Int32(pixel[1]) &* weight[tap]
          blue &+= Int32(pixel[2]) &* weight[tap]
          pixel += 3
        }
        out[0] = Self.rounded(red)
        out[1] = Self.rounded(green)
        out[2] = Self.rounded(blue)
        out += 3
        weight += width
      }
    }
  }

  /// The output row `place`: the weighted mean of rows of `length` bytes. `sums` is scratch.
  func combineRows(
    _ rows: UnsafePointer<UInt8>, length: Int, place: Int, sums: UnsafeMutablePointer<Int32>,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    sums.update(repeating: Self.half, count: length)
    for tap in 0..<counts[place] {
      let weight = weights[place * width + tap]
      let row = rows + (starts[place] + tap) * length
      for x in 0..<length { sums[x] &+= Int32(row[x]) &* weight }
    }
    for x in 0..<length { target[x] = Self.rounded(sums[x]) }
  }
}
