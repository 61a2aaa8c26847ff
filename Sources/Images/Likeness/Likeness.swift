/// How much two photos are one, whichever was cropped a little: the correlation of their colours where
/// they fit best.
///
/// A part of one photo, whose four margins are sought, is laid over the whole of the other, and the other way
/// round. Copies that were saved again, made smaller or brighter, or lost up to a twentieth on each side correlate to
/// more than 0.98; other photos of the same thing in the same place hardly reach 0.96 (docs/log.md).
package struct Likeness: Sendable {
  /// Of what is compared, `[side, side, 3]`.
  private static let side = 32
  /// Of what parts are taken from.
  private static let sourceSide = 96
  /// Shares of a side.
  private static let widestMargin: Float = 0.15
  private static let (firstStep, lastStep): (Float, Float) = (0.025, 0.004)

  /// `[96, 96, 3]`
  private let source: [UInt8]
  /// Of the whole, centred.
  private let whole: [Float]

  package init(_ image: Image) {
    let size = ImageSize(height: Self.sourceSide, width: Self.sourceSide)
    let small = Resize.resized(image, to: size)
    source = image.channels == 3 ? small.pixels : small.pixels.flatMap { [$0, $0, $0] }
    whole = Self.part(of: source, margins: SIMD4(repeating: 0), mirrored: false)
  }

  /// From −1 to 1.
  ///
  /// - Parameter mirrored: whether the other is mirrored first.
  package func correlation(with other: Likeness, mirrored: Bool) -> Float {
    max(
      Self.best(partOf: source, over: other.whole, mirrored),
      Self.best(partOf: other.source, over: whole, mirrored))
  }

  /// The best correlation over parts: from equal margins on, one after the other is moved as long as that
  /// helps, in ever smaller steps.
  private static func best(
    partOf source: [UInt8], over whole: [Float], _ mirrored: Bool
  ) -> Float {
    func correlation(_ margins: SIMD4<Float>) -> Float {
      let part = part(of: source, margins: margins, mirrored: mirrored)
      return zip(part, whole).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let starts = [Float(0), 0.025, 0.05].map { SIMD4<Float>(repeating: $0) }
    var (margins, best) = (starts[0], -Float.infinity)
    for start in starts {
      let found = correlation(start)
      if found > best { (margins, best) = (start, found) }
    }
    // Moving margins never made a copy of what was so far off.
    if best < 0.7 { return best }
    var step = firstStep
    while step > lastStep {
      var isBetter = false
      for side in 0..<4 {
        for move in [step, -step] {
          var other = margins
          other[side] = min(max(other[side] + move, 0), widestMargin)
          let found = correlation(other)
          if found > best + 1e-5 { (margins, best, isBetter) = (other, found, true) }
        }
      }
      if !isBetter { step /= 2 }
    }
    return best
  }

  /// A part without its margins (left, top, right, bottom) as `[32, 32, 3]`, interpolated linearly; each channel
  /// less its mean, and all of length 1.
  private static func part(
    of source: [UInt8], margins: SIMD4<Float>, mirrored: Bool
  ) -> [Float] {
    func places(_ first: Float, _ last: Float) -> [(place: Int, share: Float)] {
      (0..<side).map { index in
        let share = (Float(index) + 0.5) / Float(side)
        let exact = (first + share * (1 - first - last)) * Float(sourceSide) - 0.5
        let place = min(max(Int(exact.rounded(.down)), 0), sourceSide - 2)
        return (place, exact - Float(place))
      }
    }
    var columns = places(margins[0], margins[2])
    if mirrored { columns.reverse() }
    var part = [Float](repeating: 0, count: side * side * 3)
    var sums = SIMD4<Float>(repeating: 0)
    source.withUnsafeBufferPointer { source in
      var target = 0
      for (row, down) in places(margins[1], margins[3]) {
        for (column, right) in columns {
          let first = 3 * (row * sourceSide + column)
          let below = first + 3 * sourceSide
          for channel in 0..<3 {
            func between(_ place: Int) -> Float {
              let left = Float(source[place + channel])
              return left + right * (Float(source[place + 3 + channel]) - left)
            }
            let (upper, lower) = (between(first), between(below))
            let value = upper + down * (lower - upper)
            part[target] = value
            sums[channel] += value
            target += 1
          }
        }
      }
    }
    let means = sums / Float(side * side)
    var square: Float = 0
    for index in part.indices {
      part[index] -= means[index % 3]
      square += part[index] * part[index]
    }
    let length = max(square.squareRoot(), 1e-6)
    for index in part.indices { part[index] /= length }
    return part
  }
}
