import Glibc
import Tensors

extension Image {
  /// Blurs by a Gaussian of `kernel` pixels and a deviation of `sigma`, along rows and then along columns,
  /// mirrored at the edges without repeating the outermost pixel; torchvision's `gaussian_blur`, which
  /// rounds once, as this does.
  ///
  /// - Precondition: `kernel` is odd, and no side is shorter than half of it.
  package mutating func blur(kernel: Int, sigma: Double) {
    let half = kernel / 2
    let curve = (-half...half).map {
      exp(-0.5 * Float($0) / Float(sigma) * (Float($0) / Float(sigma)))
    }
    let sum = curve.reduce(0, +)
    let weights = curve.map { $0 / sum }
    let (stride, rows, channels, columns) = (width * channels, height, channels, width)
    func mirrored(_ place: Int, _ count: Int) -> Int {
      place < 0 ? -place : place < count ? place : 2 * (count - 1) - place
    }
    self = mapped(height: height, width: width) { source, target in
      BufferPool.shared.withScratch(count) { floats in
        for y in 0..<rows {
          let (row, into) = (source + y * stride, floats + y * stride)
          for x in 0..<columns {
            let isInside = x >= half && x + half < columns
            for channel in 0..<channels {
              var value: Float = 0
              for tap in 0..<kernel {
                let place = x + tap - half
                let other = isInside ? place : mirrored(place, columns)
                value += weights[tap] * Float(row[other * channels + channel])
              }
              into[x * channels + channel] = value
            }
          }
        }
        BufferPool.shared.withScratch(stride) { sums in
          for y in 0..<rows {
            sums.update(repeating: 0, count: stride)
            for tap in 0..<kernel {
              let row = floats + mirrored(y + tap - half, rows) * stride
              let weight = weights[tap]
              for x in 0..<stride { sums[x] += weight * row[x] }
            }
            for x in 0..<stride { target[y * stride + x] = byte(sums[x].rounded(.toNearestOrEven)) }
          }
        }
      }
    }
  }
}
