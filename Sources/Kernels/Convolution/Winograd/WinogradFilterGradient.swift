import Tensors

/// The gradient with respect to filters `[3,3,C,K]` at stride 1 with padding 1, the adjoint of the
/// forward pass: `Gᵀ [Σ (Bᵀ d B) ⊙ (A g Aᵀ)] G`, summed over tiles. Overwrites or adds.
///
/// Sums that stay near a core are partial sums over neighbouring tiles, a fixed number of them,
/// each of which one thread builds up. Larger ones are built up by all threads: first they share
/// the tiles of a block's transforms, then the 36 products, so that each sum is one thread's in a
/// block.
func winogradFilterGradient(
  _ input: StoredNumbers, transform: UnownedTransform?,
  outputGradient: StoredNumbers, into filterGradient: UnsafeMutablePointer<Float>,
  tiles: WinogradTiles, channels: Int, count: Int, accumulating: Bool, pool: ThreadPool
) {
  let width = count.roundedUp(to: MicroBlock.columns)
  let floats = channels.roundedUp(to: MicroBlock.rows) * width
  let partials = Partition(tiles.count, least: 192, limit: floats <= 1 << 13 ? 16 : 1)
  let uCount = WinogradPlanes.count(floats: floats)
  BufferPool.shared.withScratch(partials.chunks * uCount) { memory in
    pool.run(partials.chunks) { partial in
      addProducts(
        input, transform: transform, outputGradient: outputGradient,
        into: WinogradPlanes(memory + partial * uCount, floats: floats), width: width,
        tiles: tiles, range: partials[partial], channels: channels, count: count,
        pool: partials.chunks > 1 ? .caller : pool)
    }
    pool.run(channels) { c in
      sweep(
        0..<count,
        BackStep(
          source: memory + c * width, plane: WinogradPlanes.stride(floats: floats),
          partials: partials.chunks, partial: uCount,
          destination: filterGradient + c * count, place: channels * count,
          accumulating: accumulating))
    }
  }
}

/// The 36 sums `[C, K]` over a range of tiles, as `u`. Blocks of tiles follow each other in order,
/// so each sum is built up in one fixed order.
private func addProducts(
  _ input: StoredNumbers, transform: UnownedTransform?,
  outputGradient: StoredNumbers, into u: WinogradPlanes, width: Int, tiles: WinogradTiles,
  range: Range<Int>, channels: Int, count: Int, pool: ThreadPool
) {
  // Each block reads and writes all of u; blocks of 48 to 64 tiles measured best.
  let blocks = Partition(range.count, least: 48, limit: Int.max)
  let rows = blocks.longest
  // Six columns of v are read eight at a time.
  let vFloats = rows * channels + 8
  let zFloats = rows * width
  let vCount = WinogradPlanes.count(floats: vFloats)
  let stripCount = winogradStripCount(tiles, channels: max(channels, count))
  BufferPool.shared.withScratch(vCount + WinogradPlanes.count(floats: zFloats)) { memory in
    let v = WinogradPlanes(memory, floats: vFloats)
    let z = WinogradPlanes(memory + vCount, floats: zFloats)
    for block in 0..<blocks.chunks {
      let first = range.lowerBound + blocks[block].lowerBound
      let depth = blocks[block].count
      pool.run(Partition(depth, least: 8)) { part in
        BufferPool.shared.withScratch(stripCount) { strip in
          let own = (first + part.lowerBound)..<(first + part.upperBound)
          winogradTransform(
            input, transform: transform, channels: channels, tiles: tiles, range: own,
            strip: strip, into: v.dropping(floats: part.lowerBound * channels))
          winogradTransform(
            outputGradient: outputGradient, filters: count, tiles: tiles, range: own,
            strip: strip, into: z.dropping(floats: part.lowerBound * MicroBlock.columns),
            rows: depth)
        }
      }
      pool.run(Winograd.places) { place in
        BufferPool.shared.withScratch(MicroBlock.rows * rows + 2) { strip in
          multiplyTransposed(
            v[place], aStride: channels, packed: z[place], into: u[place], cStride: width,
            rows: channels, columns: count, depth: depth, strip: strip,
            accumulating: block > 0)
        }
      }
    }
  }
}

/// `Gᵀ u G`: from the 36 sums, each that of its partial sums in order, to the nine weights'
/// gradients.
private struct BackStep: LaneStep {
  let source: UnsafePointer<Float>
  let plane: Int
  /// How many partial sums there are, and floats from one to the next.
  let partials: Int
  let partial: Int
  let destination: UnsafeMutablePointer<Float>
  /// Floats from one of the nine weights to the next.
  let place: Int
  let accumulating: Bool

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func column(_ j: Int) -> Three<L> {
      @inline(__always) func load(_ i: Int) -> L {
        let first = source + ((i * Winograd.window + j) * plane + k)
        var sum = L.load(first)
        for number in 1..<max(partials, 1) { sum = sum + L.load(first + number * partial) }
        return sum
      }
      return winogradFilterAdjoint((load(0), load(1), load(2), load(3), load(4), load(5)))
    }
    let (a, b, c, d, e, f) = (column(0), column(1), column(2), column(3), column(4), column(5))
    @inline(__always) func write(_ r: Int, _ row: Six<L>) {
      let w = winogradFilterAdjoint(row)
      store(w.0, 3 * r)
      store(w.1, 3 * r + 1)
      store(w.2, 3 * r + 2)
    }
    @inline(__always) func store(_ value: L, _ number: Int) {
      let weight = destination + (number * place + k)
      (accumulating ? L.load(weight) + value : value).store(weight)
    }
    write(0, (a.0, b.0, c.0, d.0, e.0, f.0))
    write(1, (a.1, b.1, c.1, d.1, e.1, f.1))
    write(2, (a.2, b.2, c.2, d.2, e.2, f.2))
  }
}
