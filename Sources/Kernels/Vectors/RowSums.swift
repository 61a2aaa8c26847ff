package import Tensors

/// `sum[C] = Σ rows[…,C]`, or `+=` when `accumulating`: a fixed number of partial sums, added in
/// order. `sum` may have any shape; its count is C.
package func sumRows(_ rows: Tensor, into sum: Tensor, accumulating: Bool, pool: ThreadPool) {
  let columns = sum.count
  let blocks = Partition(rows.count / columns, least: 32, limit: 64)
  BufferPool.shared.withScratch(blocks.chunks * columns) { partials in
    pool.run(blocks.chunks) { block in
      let partial = partials + block * columns
      partial.update(repeating: 0, count: columns)
      for row in blocks[block] {
        add(rows.pointer + row * columns, to: partial, count: columns)
      }
    }
    if !accumulating { sum.pointer.update(repeating: 0, count: columns) }
    for block in 0..<blocks.chunks {
      add(partials + block * columns, to: sum.pointer, count: columns)
    }
  }
}

/// `rows[…,C] += row[C]`, the adjoint of the sum.
package func addToRows(_ row: Tensor, of rows: Tensor, pool: ThreadPool) {
  let columns = row.count
  pool.run(Partition(rows.count / columns, least: max(1, 16384 / columns))) { range in
    for index in range { add(row.pointer, to: rows.pointer + index * columns, count: columns) }
  }
}
