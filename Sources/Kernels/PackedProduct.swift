import Tensors

// Products whose right-hand matrix lies in panels: for each 16 columns all rows of 16 floats, one
// after the other, the last panel filled up. So the micro-kernel reads it from beginning to end.

/// Floats of a packed matrix of `depth` rows.
func packedCount(depth: Int, columns: Int) -> Int {
  columns.roundedUp(to: MicroBlock.columns) * depth
}

extension Int {
  func roundedUp(to unit: Int) -> Int { (self + unit - 1) / unit * unit }
}

/// `c = a · b` for whole blocks: rows are computed in sixes and columns in sixteens, so `a` and `c`
/// must be long enough for what lies beyond.
///
/// The depth is cut so that a panel's part stays in the first-level cache while it meets all rows.
func multiplyBlocks(
  _ a: UnsafePointer<Float>, rowStride: Int, packed b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Int, columns: Int, depth: Int
) {
  let slices = Partition(depth, least: 192, limit: Int.max)
  for slice in 0..<slices.chunks {
    let part = slices[slice]
    for panel in stride(from: 0, to: columns, by: MicroBlock.columns) {
      let values = b + (panel * depth + part.lowerBound * MicroBlock.columns)
      for row in stride(from: 0, to: rows, by: MicroBlock.rows) {
        microKernel(
          a + (row * rowStride + part.lowerBound), rowStride: rowStride, depthStride: 1, values,
          bStride: MicroBlock.columns, depth: part.count, into: c + (row * cStride + panel),
          cStride: cStride, accumulating: slice > 0)
      }
    }
  }
}

/// `c (+)= aᵀ · b` for whole blocks, with `a[depth, rows]` and `b` packed: rows are computed in sixes
/// and columns in sixteens, so `c` must be long enough for what lies beyond, and `a` may be read by
/// up to eight floats.
///
/// - Parameter strip: scratch of 6 · depth + 2 floats.
func multiplyTransposedBlocks(
  _ a: UnsafePointer<Float>, aStride: Int, packed b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Int, columns: Int, depth: Int,
  strip: UnsafeMutablePointer<Float>, accumulating: Bool
) {
  for row in stride(from: 0, to: rows, by: MicroBlock.rows) {
    // Six neighbouring columns of a, copied eight at a time: the next copy overwrites the two.
    for d in 0..<depth {
      SIMD8<Float>.load(a + (d * aStride + row)).store(strip + d * MicroBlock.rows)
    }
    for panel in stride(from: 0, to: columns, by: MicroBlock.columns) {
      microKernel(
        strip, rowStride: 1, depthStride: MicroBlock.rows, b + panel * depth,
        bStride: MicroBlock.columns, depth: depth, into: c + (row * cStride + panel),
        cStride: cStride, accumulating: accumulating)
    }
  }
}
