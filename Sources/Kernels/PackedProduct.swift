import Tensors

// Matrix products with a micro-kernel of our own. The right-hand matrix is packed in panels: for each
// 16 columns all rows of 16 floats, one after the other, the last panel filled up with anything. So
// the micro-kernel reads it from beginning to end. An element of the result is one chain of fused
// multiply-adds over the depth, cut at borders that are a function of the depth alone.

/// Floats of a packed matrix.
func packedCount(depth: Int, columns: Int) -> Int {
  columns.roundedUp(to: MicroBlock.columns) * depth
}

extension Int {
  func roundedUp(to unit: Int) -> Int { (self + unit - 1) / unit * unit }
}

/// Packs `b[depth, columns]`.
func pack(
  _ b: Matrix, depth: Int, columns: Int, into packed: UnsafeMutablePointer<Float>
) {
  let width = MicroBlock.columns
  if b.transposed {
    for column in 0..<columns {
      let source = b.pointer + column * b.stride
      let destination = packed + (column / width * depth * width + column % width)
      for d in 0..<depth { destination[d * width] = source[d] }
    }
  } else {
    // Row by row, since the rows may come from far away.
    for d in 0..<depth {
      sweep(
        0..<columns,
        PackStep(
          source: b.pointer + d * b.stride, destination: packed + d * width,
          panel: depth * width))
    }
  }
}

private struct PackStep: LaneStep {
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  /// Floats from one panel to the next.
  let panel: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ column: Int, _: L.Type) {
    let width = MicroBlock.columns
    L.load(source + column).store(destination + (column / width * panel + column % width))
  }
}

/// `c = a · b` with `b` packed, or `c += …` when accumulating.
///
/// The depth is cut so that a panel's part stays in the first-level cache while it meets all rows.
///
/// - Parameter overrun: `a` and `c` are scratch and long enough for whole sixes of rows and sixteens
///   of columns, so that no edge needs care.
func multiply(
  _ a: UnsafePointer<Float>, aStride: Int, packed b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Int, columns: Int, depth: Int,
  accumulating: Bool = false, overrun: Bool = false
) {
  let slices = Partition(depth, least: 192, limit: Int.max)
  for panel in stride(from: 0, to: columns, by: MicroBlock.columns) {
    let isWide = overrun || panel + MicroBlock.columns <= columns
    for slice in 0..<slices.chunks {
      let part = slices[slice]
      let values = b + (panel * depth + part.lowerBound * MicroBlock.columns)
      let accumulating = accumulating || slice > 0
      for row in stride(from: 0, to: rows, by: MicroBlock.rows) {
        let a = a + (row * aStride + part.lowerBound)
        let c = c + (row * cStride + panel)
        if isWide && (overrun || row + MicroBlock.rows <= rows) {
          microKernel(
            a, rowStride: aStride, depthStride: 1, values, bStride: MicroBlock.columns,
            depth: part.count, into: c, cStride: cStride, accumulating: accumulating)
        } else {
          edgeKernel(
            a, rowStride: aStride, depthStride: 1, values, depth: part.count, into: c,
            cStride: cStride, rows: min(MicroBlock.rows, rows - row),
            columns: min(MicroBlock.columns, columns - panel), accumulating: accumulating)
        }
      }
    }
  }
}

/// `c = aᵀ · b` with `a[depth, rows]` and `b` packed, or `c += …` when accumulating. `c` must be long
/// enough for whole sixes of rows and sixteens of columns, and `a` may be read beyond its end by
/// eight floats.
///
/// - Parameter strip: scratch of 6 · depth + 2 floats.
func multiplyTransposed(
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

/// The micro-kernel for fewer rows or columns: nothing beyond them is read from `a` or written.
private func edgeKernel(
  _ a: UnsafePointer<Float>, rowStride: Int, depthStride: Int, _ b: UnsafePointer<Float>,
  depth: Int, into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Int, columns: Int,
  accumulating: Bool
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: MicroBlock.rows * MicroBlock.columns) {
    guard let block = $0.baseAddress else { return }
    let isFull = rows == MicroBlock.rows
    // Row by row, the micro-kernel's six rows are six times the same.
    for first in stride(from: 0, to: rows, by: isFull ? MicroBlock.rows : 1) {
      microKernel(
        a + first * rowStride, rowStride: isFull ? rowStride : 0, depthStride: depthStride, b,
        bStride: MicroBlock.columns, depth: depth, into: block, cStride: MicroBlock.columns,
        accumulating: false)
      for row in 0..<(isFull ? rows : 1) {
        let source = block + row * MicroBlock.columns
        let destination = c + (first + row) * cStride
        if accumulating {
          add(source, to: destination, count: columns)
        } else {
          sweep(0..<columns, CopyStep(source: source, destination: destination))
        }
      }
    }
  }
}
