import Tensors

/// Affine maps without interpolation.
extension Warp {
  /// In 16.16 fixed point, one addition a pixel.
  func takeTurned(_ view: PixelView, _ target: UnsafeMutablePointer<UInt8>) {
    func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }
    let right = (x: fixed(a), y: fixed(d))
    let down = (x: fixed(b), y: fixed(e))
    var start = (x: fixed(c + a * 0.5 + b * 0.5), y: fixed(f + d * 0.5 + e * 0.5))
    for row in 0..<view.height {
      let columns = inside(start.x, right.x, 0..<view.width, below: view.width << 16)
      let range = inside(start.y, right.y, columns, below: view.height << 16)
      var place = (
        x: start.x &+ range.lowerBound &* right.x, y: start.y &+ range.lowerBound &* right.y
      )
      view.copyLine(range, of: row, to: target) { _ in
        defer {
          place.x &+= right.x
          place.y &+= right.y
        }
        return (place.y >> 16) &* view.width &+ place.x >> 16
      }
      start.x += down.x
      start.y += down.y
    }
  }

  /// The columns for which 0 ≤ start + column·step < bound.
  private func inside(
    _ start: Int, _ step: Int, _ columns: Range<Int>, below bound: Int
  ) -> Range<Int> {
    if step == 0 { return start >= 0 && start < bound ? columns : columns.prefix(0) }
    /// The first whole number that is not below a / b, for positive b.
    func ceiling(_ a: Int, _ b: Int) -> Int { a > 0 ? (a - 1) / b + 1 : -(-a / b) }
    let (first, end) =
      step > 0
      ? (ceiling(-start, step), ceiling(bound - start, step))
      : (ceiling(start - bound + 1, -step), ceiling(start + 1, -step))
    let lower = min(max(first, columns.lowerBound), columns.upperBound)
    return lower..<min(max(end, lower), columns.upperBound)
  }

  /// A map that turns nothing and shears nothing, in Double. Places are sums of steps, as Pillow adds them
  /// up, so that all rows have the same columns.
  func takeScaled(_ view: PixelView, _ target: UnsafeMutablePointer<UInt8>) {
    BufferPool.shared.withScratch(2 * view.width) { scratch in
      let places = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int.self)
      var columns = 0..<0
      var x = c + a * 0.5
      for column in 0..<view.width {
        if x >= 0, x < Double(view.width) {
          places[column] = Int(x)
          columns = (columns.isEmpty ? column : columns.lowerBound)..<(column + 1)
        }
        x += a
      }
      if columns.isEmpty { return }
      let first = places[columns.lowerBound]
      let isMoved = columns.allSatisfy { places[$0] - first == $0 - columns.lowerBound }
      var y = f + e * 0.5
      for row in 0..<view.height {
        if y >= 0, y < Double(view.height) {
          let start = Int(y) * view.width
          if isMoved {
            view.copyLine(columns, of: row, from: start + first, to: target)
          } else {
            view.copyLine(columns, of: row, to: target) { start &+ places[$0] }
          }
        }
        y += e
      }
    }
  }
}
