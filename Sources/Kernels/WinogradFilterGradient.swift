import Tensors

/// The gradient with respect to filters `[3,3,C,K]` at stride 1 with padding 1, the adjoint of the
/// forward pass: `Gᵀ [Σ (Bᵀ d B) ⊙ (A g Aᵀ)] G`, summed over tiles. Overwrites or adds.
///
/// Blocks of tiles follow each other in order; inside a block the threads share the tiles of the
/// transforms, then the 36 products, so each sum is built up in one fixed order.
func winogradFilterGradient(
  _ input: UnsafePointer<Float>, transform: UnownedTransform?,
  outputGradient: UnsafePointer<Float>, into filterGradient: UnsafeMutablePointer<Float>,
  tiles: WinogradTiles, channels: Int, count: Int, accumulating: Bool, pool: ThreadPool
) {
  // Each block reads and writes the 36 sums [C, K]; blocks of 48 to 64 tiles measured best.
  let blocks = Partition(tiles.count, least: 48, limit: Int.max)
  let rows = blocks.longest
  let width = count.roundedUp(to: MicroBlock.columns)
  let sums = channels.roundedUp(to: MicroBlock.rows) * width
  // Six columns of v are read eight at a time.
  let floats = (v: rows * channels + 8, z: rows * width, strip: MicroBlock.rows * rows + 8)
  let strip = winogradStripCount(tiles, channels: max(channels, count))
  let vCount = WinogradPlanes.count(floats: floats.v)
  let zCount = WinogradPlanes.count(floats: floats.z)
  BufferPool.shared.withScratch(vCount + zCount + WinogradPlanes.count(floats: sums)) { memory in
    let v = WinogradPlanes(memory, floats: floats.v)
    let z = WinogradPlanes(memory + vCount, floats: floats.z)
    let u = WinogradPlanes(memory + (vCount + zCount), floats: sums)
    for block in 0..<blocks.chunks {
      let range = blocks[block]
      pool.run(Partition(range.count, least: 8)) { part in
        BufferPool.shared.withScratch(strip) { strip in
          let own = (range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound)
          winogradTransform(
            input, transform: transform, channels: channels, tiles: tiles, range: own,
            strip: strip, into: v.dropping(floats: part.lowerBound * channels))
          winogradTransform(
            outputGradient: outputGradient, filters: count, tiles: tiles, range: own,
            strip: strip, into: z.dropping(floats: part.lowerBound * MicroBlock.columns),
            rows: range.count)
        }
      }
      pool.run(Winograd.places) { place in
        BufferPool.shared.withScratch(floats.strip) { strip in
          multiplyTransposed(
            v[place], aStride: channels, packed: z[place], into: u[place], cStride: width,
            rows: channels, columns: count, depth: range.count, strip: strip,
            accumulating: block > 0)
        }
      }
    }
    pool.run(channels) { c in
      sweep(
        0..<count,
        BackStep(
          source: u.pointer + c * width, plane: u.stride,
          destination: filterGradient + c * count, place: channels * count,
          accumulating: accumulating))
    }
  }
}

/// `Gᵀ u G`: from the 36 sums to the nine weights' gradients.
private struct BackStep: LaneStep {
  let source: UnsafePointer<Float>
  let plane: Int
  let destination: UnsafeMutablePointer<Float>
  /// Floats from one of the nine weights to the next.
  let place: Int
  let accumulating: Bool

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func column(_ j: Int) -> Three<L> {
      @inline(__always) func load(_ i: Int) -> L {
        L.load(source + ((i * Winograd.window + j) * plane + k))
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
