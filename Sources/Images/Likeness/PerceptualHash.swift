import Glibc

/// Bits that stay nearly the same when a photo is saved again, resized or brightened, and change little when
/// it is cropped a little: how far two differ says whether they may be of one photo.
///
/// `coarse` are the signs against their median of the lowest 8 × 8 coefficients of the photo's discrete
/// cosine transform, as in pHash (Zauner 2010); `fine`, whether each of 16 × 16 parts is brighter than the one on
/// its left, as in dHash. Of photos that nobody would call copies, many are near by the first, some by
/// the second, and few by both.
package struct PerceptualHash: Codable, Equatable, Sendable {
  package let coarse: UInt64
  /// Four words.
  package let fine: [UInt64]

  /// A photo with less contrast than that (standard deviation of grey values) has bits of noise.
  private static let leastContrast = 2.0
  /// The side of what all is computed from.
  private static let side = 32

  /// Those of a photo and of its mirror image; nil for one that is of one colour, or nearly so.
  package static func both(
    of image: Image
  ) -> (own: PerceptualHash, mirrored: PerceptualHash)? {
    let grey = grey(Resize.resized(image, to: ImageSize(height: side, width: side)))
    let parts = Self.grey(Resize.resized(image, to: ImageSize(height: 16, width: 17)))
    guard let own = PerceptualHash(grey: grey, parts: parts),
      let mirrored = PerceptualHash(
        grey: Self.mirrored(grey, width: side), parts: Self.mirrored(parts, width: 17))
    else { return nil }
    return (own, mirrored)
  }

  private static func mirrored(_ grey: [Double], width: Int) -> [Double] {
    stride(from: 0, to: grey.count, by: width).flatMap { grey[$0..<($0 + width)].reversed() }
  }

  /// - Parameters:
  ///   - grey: `[32, 32]`
  ///   - parts: `[16, 17]`
  private init?(grey: [Double], parts: [Double]) {
    let mean = grey.reduce(0, +) / Double(grey.count)
    let variance = grey.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(grey.count)
    guard variance.squareRoot() >= Self.leastContrast else { return nil }
    let lowest = Self.lowest(grey)
    let sorted = lowest.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    coarse = Self.word(lowest.map { $0 > median })
    let brighter = (0..<16).flatMap { row in
      (0..<16).map { parts[17 * row + $0 + 1] > parts[17 * row + $0] }
    }
    fine = (0..<4).map { Self.word(Array(brighter[(64 * $0)..<(64 * $0 + 64)])) }
  }

  /// Bits in which the coarse hashes differ, of 64.
  package func coarseDistance(to other: PerceptualHash) -> Int {
    (coarse ^ other.coarse).nonzeroBitCount
  }

  /// Bits in which the fine hashes differ, of 256.
  package func fineDistance(to other: PerceptualHash) -> Int {
    zip(fine, other.fine).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  private static func word(_ bits: [Bool]) -> UInt64 {
    bits.reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
  }

  /// The luminance of each pixel (ITU-R BT.601).
  private static func grey(_ image: Image) -> [Double] {
    image.withPixels { pixels in
      if image.channels == 1 { return (0..<image.count).map { Double(pixels[$0]) } }
      return (0..<(image.height * image.width)).map { place in
        0.299 * Double(pixels[3 * place]) + 0.587 * Double(pixels[3 * place + 1])
          + 0.114 * Double(pixels[3 * place + 2])
      }
    }
  }

  /// Cosines of the eight lowest frequencies over 32 places, `[8, 32]`.
  private static let cosines: [Double] = (0..<8).flatMap { frequency in
    let scale = frequency == 0 ? 0.5.squareRoot() : 1
    let step = Double.pi * Double(frequency) / Double(side)
    return (0..<side).map { scale * cos(step * (Double($0) + 0.5)) }
  }

  /// The lowest 8 × 8 coefficients of the discrete cosine transform of `[32, 32]`.
  private static func lowest(_ grey: [Double]) -> [Double] {
    let rows = (0..<8).map { frequency in
      (0..<side).map { column in
        (0..<side).reduce(0.0) { $0 + cosines[side * frequency + $1] * grey[side * $1 + column] }
      }
    }
    return rows.flatMap { row in
      (0..<8).map { frequency in
        (0..<side).reduce(0.0) { $0 + cosines[side * frequency + $1] * row[$1] }
      }
    }
  }
}
