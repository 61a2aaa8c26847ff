import CProcessor
import Glibc
import Tensors

extension Image {
  /// Blurs by a Gaussian of `kernel` pixels and a deviation of `sigma`, along rows and then along columns,
  /// mirrored at the edges without repeating the outermost pixel; torchvision's `gaussian_blur`, which
  /// rounds once, as this does.
  ///
  /// - Precondition: `kernel` is odd, and no side is shorter than half of it.
  package mutating func blur(kernel: Int, sigma: Double) {
    let (half, stride, rows) = (kernel / 2, width * channels, height)
    // A row's floats, up to where the last vector ends.
    let length = (stride + 7) / 8 * 8
    self = mapped(height: height, width: width) { source, target in
      // A row's bytes with their borders take less than a row of floats with its.
      BufferPool.shared.withScratch((kernel + 1) * (length + channels + 2) + 8) { scratch in
        // The last `kernel` rows, blurred along the row; row y is at y mod kernel.
        let lines = scratch
        let weights = lines + kernel * length
        gauss(sigma, into: UnsafeMutableBufferPointer(start: weights, count: kernel))
        // Where in `lines` those are that a row is made of.
        let starts = UnsafeMutableRawPointer(weights + (kernel + 1) / 2 * 2)
          .assumingMemoryBound(to: Int.self)
        let wide = UnsafeMutableRawPointer(starts + kernel).assumingMemoryBound(to: UInt8.self)
        func blurRow(_ y: Int) {
          widen(source + y * stride, by: half, into: wide)
          let line = lines + y % kernel * length
          for place in Swift.stride(from: 0, to: stride, by: 8) {
            var sum = SIMD8<Float>.zero
            for tap in 0..<kernel {
              let values = tutti_floats(tutti_load_bytes(wide + (place + tap * channels)))
              sum += SIMD8(repeating: weights[tap]) * values
            }
            UnsafeMutableRawPointer(line + place).storeBytes(of: sum, as: SIMD8<Float>.self)
          }
        }
        for y in 0..<min(half, rows) { blurRow(y) }
        for y in 0..<rows {
          if y + half < rows { blurRow(y + half) }
          for tap in 0..<kernel {
            starts[tap] = mirrored(y + tap - half, rows) % kernel * length
          }
          for place in Swift.stride(from: 0, to: stride, by: 8) {
            var sum = SIMD8<Float>.zero
            for tap in 0..<kernel {
              let line = UnsafeRawPointer(lines + (starts[tap] &+ place))
              sum += SIMD8(repeating: weights[tap]) * line.load(as: SIMD8<Float>.self)
            }
            tutti_rounded(sum).storeBytes(to: target + (y * stride + place))
          }
        }
      }
    }
  }

  /// A Gaussian's weights, which sum to 1.
  private func gauss(_ sigma: Double, into weights: UnsafeMutableBufferPointer<Float>) {
    let half = weights.count / 2
    var sum: Float = 0
    for tap in weights.indices {
      let distance = Float(tap - half) / Float(sigma)
      weights[tap] = exp(-0.5 * Float(tap - half) / Float(sigma) * distance)
      sum += weights[tap]
    }
    for tap in weights.indices { weights[tap] /= sum }
  }

  /// Copies a row with `border` mirrored pixels on either side.
  private func widen(
    _ row: UnsafePointer<UInt8>, by border: Int, into wide: UnsafeMutablePointer<UInt8>
  ) {
    (wide + border * channels).update(from: row, count: width * channels)
    for distance in 1..<(border + 1) {
      let (left, right) = (mirrored(-distance, width), mirrored(width - 1 + distance, width))
      for channel in 0..<channels {
        wide[(border - distance) * channels + channel] = row[left * channels + channel]
        wide[(border + width - 1 + distance) * channels + channel] =
          row[right * channels + channel]
      }
    }
  }

  private func mirrored(_ place: Int, _ count: Int) -> Int {
    place < 0 ? -place : place < count ? place : 2 * (count - 1) - place
  }
}
