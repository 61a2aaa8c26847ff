import Tensors

/// Maps whose places are computed for each pixel, in Double.
extension Warp {
  private typealias Lanes = SIMD8<Double>

  /// Calls `body` for each output pixel whose place is inside the input: with the pixel there less
  /// `offset`, rounded down, how far the place lies behind it, and where the value belongs.
  @inline(__always)
  func interpolate(
    _ view: PixelView, _ target: UnsafeMutablePointer<UInt8>, offset: Double,
    _ body: (
      _ x: Int, _ y: Int, _ dx: Float, _ dy: Float, _ target: UnsafeMutablePointer<UInt8>
    ) -> Void
  ) {
    let places = (view.width + 7) / 8
    BufferPool.shared.withScratch(places * MemoryLayout<Places>.stride / 4) { scratch in
      let row = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Places.self)
      for y in 0..<view.height {
        for block in 0..<places {
          row[block] = self.places(Double(8 * block) + 0.5, Double(y) + 0.5, view, offset)
        }
        var pixel = target + y * view.width * view.channels
        for x in 0..<view.width {
          let (block, lane) = (row + x >> 3, x & 7)
          if block.pointee.isInside[lane] != 0 {
            body(
              Int(block.pointee.x[lane]), Int(block.pointee.y[lane]), block.pointee.dx[lane],
              block.pointee.dy[lane], pixel)
          }
          pixel += view.channels
        }
      }
    }
  }

  /// Where eight neighbouring pixels look.
  private struct Places {
    var x: SIMD8<Int32>
    var y: SIMD8<Int32>
    var dx: SIMD8<Float>
    var dy: SIMD8<Float>
    var isInside: SIMD8<Int32>
  }

  @inline(__always)
  private func places(_ x: Double, _ y: Double, _ view: PixelView, _ offset: Double) -> Places {
    let x = Lanes(repeating: x) + Lanes(0, 1, 2, 3, 4, 5, 6, 7)
    func plane(_ a: Double, _ b: Double, _ c: Double) -> Lanes {
      Lanes(repeating: a) * x + Lanes(repeating: b * y) + Lanes(repeating: c)
    }
    var (left, top) = (plane(a, b, c), plane(d, e, f))
    if !isAffine {
      let scale = plane(g, h, 1)
      (left, top) = (left / scale, top / scale)
    }
    let (right, bottom) = (
      Lanes(repeating: Double(view.width)), Lanes(repeating: Double(view.height))
    )
    let isInside = (left .>= .zero) .& (left .< right) .& (top .>= .zero) .& (top .< bottom)
    left = Lanes.zero.replacing(with: left, where: isInside) - Lanes(repeating: offset)
    top = Lanes.zero.replacing(with: top, where: isInside) - Lanes(repeating: offset)
    let (column, row) = (left.rounded(.down), top.rounded(.down))
    return Places(
      x: whole(column), y: whole(row), dx: SIMD8<Float>(left - column),
      dy: SIMD8<Float>(top - row),
      isInside: SIMD8(
        truncatingIfNeeded: SIMD8<Int64>.zero.replacing(with: .one, where: isInside)))
  }

  /// Whole numbers of less than 32 bits: adding 1.5·2⁵² leaves them in a Double's low bits.
  @inline(__always)
  private func whole(_ value: Lanes) -> SIMD8<Int32> {
    let bits = unsafeBitCast(value + Lanes(repeating: 0x1.8p52), to: SIMD8<Int64>.self)
    return SIMD8(truncatingIfNeeded: bits)
  }
}
