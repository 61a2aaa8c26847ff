import Tensors

/// `output[N,H,W,K] = input[N,H,W,C] ∗ filters[3,3,C,K]` at stride 1 with padding 1. Overwrites or
/// adds.
func winogradConvolve(
  _ input: StoredNumbers, transform: UnownedTransform?, filters: WinogradFilters,
  into output: StoredNumbers, tiles: WinogradTiles, accumulating: Bool,
  pool: ThreadPool
) {
  if 2 * tiles.count <= filters.count {
    convolveByFilters(
      input, transform: transform, filters: filters, into: output, tiles: tiles,
      accumulating: accumulating, pool: pool)
  } else {
    convolveByTiles(
      input, transform: transform, filters: filters, into: output, tiles: tiles,
      accumulating: accumulating, pool: pool)
  }
}

/// In blocks of tiles whose transforms and products stay near the core; the transformed filters are
/// shared by all.
private func convolveByTiles(
  _ input: StoredNumbers, transform: UnownedTransform?, filters: WinogradFilters,
  into output: StoredNumbers, tiles: WinogradTiles, accumulating: Bool,
  pool: ThreadPool
) {
  let channels = filters.channels
  // Blocks of whole sixes. About 32 tiles measured best from 64 to 512 channels.
  let blocks = Partition(tiles.count, least: 32, grain: MicroBlock.rows, limit: Int.max)
  let rows = blocks.longest.roundedUp(to: MicroBlock.rows)
  let width = filters.panels * MicroBlock.columns
  let vCount = WinogradPlanes.count(floats: rows * channels)
  let mCount = WinogradPlanes.count(floats: rows * width)
  let strip = max(
    winogradStripCount(tiles, channels: channels), winogradOutputStripCount(filters: filters.count))
  withTransformed(filters, pool: pool) { u in
    pool.run(blocks) { range in
      BufferPool.shared.withScratch(vCount + mCount + strip) { memory in
        let v = WinogradPlanes(memory, floats: rows * channels)
        let m = WinogradPlanes(memory + vCount, floats: rows * width)
        let strip = memory + (vCount + mCount)
        winogradTransform(
          input, transform: transform, channels: channels, tiles: tiles, range: range,
          strip: strip, into: v)
        for place in 0..<Winograd.places {
          multiply(
            v[place], aStride: channels, packed: u[place], into: m[place], cStride: width,
            rows: range.count, columns: width, depth: channels, overrun: true)
        }
        winogradOutput(
          m, stride: width, tiles: tiles, range: range, strip: strip, into: output,
          filters: 0..<filters.count, of: filters.count, accumulating: accumulating)
      }
    }
  }
}

/// Calls `body` with the transformed filters.
private func withTransformed(
  _ filters: WinogradFilters, pool: ThreadPool, _ body: (WinogradPlanes) -> Void
) {
  if let known = filters.transformed { return body(known) }
  BufferPool.shared.withScratch(WinogradPlanes.count(floats: filters.planeSize)) {
    let planes = WinogradPlanes($0, floats: filters.planeSize)
    filters.transform(into: planes, pool: pool)
    body(planes)
  }
}

/// In panels of filters, for few tiles with many filters: a panel's transform, which is larger
/// than all else together, is used at once and stays near the core.
private func convolveByFilters(
  _ input: StoredNumbers, transform: UnownedTransform?, filters: WinogradFilters,
  into output: StoredNumbers, tiles: WinogradTiles, accumulating: Bool,
  pool: ThreadPool
) {
  let channels = filters.channels
  let rows = tiles.count.roundedUp(to: MicroBlock.rows)
  let width = MicroBlock.columns
  let uCount =
    filters.transformed == nil ? WinogradPlanes.count(floats: filters.panelSize) : 0
  let mCount = WinogradPlanes.count(floats: rows * width)
  BufferPool.shared.withScratch(WinogradPlanes.count(floats: rows * channels)) { v in
    let v = WinogradPlanes(v, floats: rows * channels)
    pool.run(Partition(tiles.count, least: 8)) { range in
      BufferPool.shared.withScratch(winogradStripCount(tiles, channels: channels)) { strip in
        winogradTransform(
          input, transform: transform, channels: channels, tiles: tiles, range: range,
          strip: strip, into: v.dropping(floats: range.lowerBound * channels))
      }
    }
    pool.run(filters.panels) { panel in
      BufferPool.shared.withScratch(
        uCount + mCount + winogradOutputStripCount(filters: width)
      ) { memory in
        let m = WinogradPlanes(memory + uCount, floats: rows * width)
        let u: WinogradPlanes
        if let known = filters.transformed {
          u = known.dropping(floats: panel * filters.panelSize)
        } else {
          u = WinogradPlanes(memory, floats: filters.panelSize)
          filters.transform(panel: panel, into: u)
        }
        for place in 0..<Winograd.places {
          multiply(
            v[place], aStride: channels, packed: u[place], into: m[place], cStride: width,
            rows: tiles.count, columns: width, depth: channels, overrun: true)
        }
        winogradOutput(
          m, stride: width, tiles: tiles, range: 0..<tiles.count, strip: memory + (uCount + mCount),
          into: output, filters: (panel * width)..<min((panel + 1) * width, filters.count),
          of: filters.count, accumulating: accumulating)
      }
    }
  }
}
