import CProcessor
import Tensors

// Matrix products with a micro-kernel of our own. The right-hand matrix is packed in panels: for
// each `MicroBlock.columns` columns all their rows, one after the other, the last panel filled up
// with anything. So the micro-kernel reads it from beginning to end. An element of the result is
// one chain of fused multiply-adds over the depth, cut at borders that are a function of the depth
// alone.

/// Floats of a packed matrix.
func packedCount(depth: Int, columns: Int) -> Int {
  columns.roundedUp(to: MicroBlock.columns) * depth
}

extension Int {
  func roundedUp(to unit: Int) -> Int { (self + unit - 1) / unit * unit }
}

/// Packs `b[depth, columns]`.
func pack(
  _ b: Matrix, depth: Int, columns: Int, into packed: UnsafeMutablePointer<Float>,
  pool: ThreadPool
) {
  let width = MicroBlock.columns
  if b.transposed {
    pool.run((columns + width - 1) / width) { panel in
      let first = panel * width
      let source = b.pointer + first * b.stride
      let destination = packed + first * depth
      let count = min(width, columns - first)
      for d in 0..<depth {
        for column in 0..<count { destination[d * width + column] = source[column * b.stride + d] }
      }
    }
  } else {
    // Row by row, since the rows may come from far away.
    pool.run(Partition(depth, least: max(1, 16384 / columns))) { rows in
      for d in rows {
        sweep(
          0..<columns,
          PackStep(
            source: b.pointer + d * b.stride, destination: packed + d * width,
            panel: depth * width))
      }
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
/// The depth is cut so that a panel's part stays in the first-level cache while it meets all rows;
/// meanwhile the part behind it is fetched, a share with each block of rows.
///
/// - Parameter overrun: `a` and `c` are scratch and long enough for whole sixes of rows and panels
///   of columns, so that no edge needs care.
func multiply(
  _ a: UnsafePointer<Float>, aStride: Int, packed b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Int, columns: Int, depth: Int,
  accumulating: Bool = false, overrun: Bool = false
) {
  let slices = Partition(depth, least: 192, limit: Int.max)
  let blocks = RowBlocks(rows: overrun ? rows.roundedUp(to: MicroBlock.rows) : rows)
  for panel in stride(from: 0, to: columns, by: MicroBlock.columns) {
    let width = overrun ? MicroBlock.columns : min(MicroBlock.columns, columns - panel)
    for slice in 0..<slices.chunks {
      let part = slices[slice]
      let values = b + (panel * depth + part.lowerBound * MicroBlock.columns)
      let accumulating = accumulating || slice > 0
      var next = values + part.count * MicroBlock.columns
      let line = BufferPool.unit
      let lines = (part.count * MicroBlock.columns / line + blocks.count - 1) / blocks.count
      var row = 0
      while row < rows {
        let height = blocks.height(at: row)
        for _ in 0..<lines {
          tutti_prefetch(next)
          next += line
        }
        let a = a + (row * aStride + part.lowerBound)
        let c = c + (row * cStride + panel)
        if height < MicroBlock.fewerRows || width % Vector.width > 0 {
          edgeKernel(
            a, rowStride: aStride, rowsBefore: row, values, depth: part.count, into: c,
            cStride: cStride, rows: height, columns: width, accumulating: accumulating)
        } else if width == Vector.width {
          narrowKernel(
            a, rowStride: aStride, values, depth: part.count, into: c, cStride: cStride,
            accumulating: accumulating, hasSixth: height == MicroBlock.rows)
        } else if height == MicroBlock.rows {
          microKernel(
            a, rowStride: aStride, depthStride: 1, values, depth: part.count, into: c,
            cStride: cStride, accumulating: accumulating)
        } else {
          fiveRowKernel(
            a, rowStride: aStride, values, depth: part.count, into: c, cStride: cStride,
            accumulating: accumulating)
        }
        row += height
      }
    }
  }
}

/// Rows in blocks of six and five; from 20 rows on, none is left over.
private struct RowBlocks {
  let count: Int
  /// Rows in the blocks of six, which come first.
  private let inSixes: Int
  private let rows: Int

  init(rows: Int) {
    self.rows = rows
    let fives = (MicroBlock.rows - rows % MicroBlock.rows) % MicroBlock.rows
    let inFives = fives * MicroBlock.fewerRows
    if inFives <= rows {
      inSixes = rows - inFives
      count = inSixes / MicroBlock.rows + fives
    } else {
      // Sixes and a rest of fewer than five.
      inSixes = rows - rows % MicroBlock.rows
      count = inSixes / MicroBlock.rows + 1
    }
  }

  /// Of the block that begins with `row`.
  func height(at row: Int) -> Int {
    row < inSixes ? MicroBlock.rows : min(MicroBlock.fewerRows, rows - row)
  }
}

/// `c = aᵀ · b` with `a[depth, rows]` and `b` packed, or `c += …` when accumulating. `c` must be
/// long enough for whole sixes of rows and panels of columns, and `a` may be read beyond its end by
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
        strip, rowStride: 1, depthStride: MicroBlock.rows, b + panel * depth, depth: depth,
        into: c + (row * cStride + panel), cStride: cStride, accumulating: accumulating)
    }
  }
}

/// The micro-kernel for fewer rows or columns: nothing beyond them is read from `a` or written.
///
/// - Parameter rowsBefore: rows of `a` that may be read before the first.
private func edgeKernel(
  _ a: UnsafePointer<Float>, rowStride: Int, rowsBefore: Int, _ b: UnsafePointer<Float>,
  depth: Int, into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Int, columns: Int,
  accumulating: Bool
) {
  let missing = MicroBlock.rows - rows
  if missing <= rowsBefore {
    partialKernel(
      a - missing * rowStride, rowStride: rowStride, depthStride: 1, b, depth: depth, into: c,
      cStride: cStride, rows: missing..<MicroBlock.rows, columns: columns,
      accumulating: accumulating)
  } else {
    // The whole matrix has fewer than six rows: each is taken six times.
    for row in 0..<rows {
      partialKernel(
        a + row * rowStride, rowStride: 0, depthStride: 1, b, depth: depth,
        into: c + row * cStride, cStride: cStride, rows: 0..<1, columns: columns,
        accumulating: accumulating)
    }
  }
}

/// The micro-kernel, of whose result only some rows and the first columns are written; the first of
/// the rows goes to `c`.
private func partialKernel(
  _ a: UnsafePointer<Float>, rowStride: Int, depthStride: Int, _ b: UnsafePointer<Float>,
  depth: Int, into c: UnsafeMutablePointer<Float>, cStride: Int, rows: Range<Int>, columns: Int,
  accumulating: Bool
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: MicroBlock.rows * MicroBlock.columns) {
    guard let block = $0.baseAddress else { return }
    microKernel(
      a, rowStride: rowStride, depthStride: depthStride, b, depth: depth, into: block,
      cStride: MicroBlock.columns, accumulating: false)
    for row in rows {
      let source = block + row * MicroBlock.columns
      let destination = c + (row - rows.lowerBound) * cStride
      if accumulating {
        add(source, to: destination, count: columns)
      } else {
        sweep(0..<columns, CopyStep(source: source, destination: destination))
      }
    }
  }
}
