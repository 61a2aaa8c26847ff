import Tensors

/// `output[N,H,W,K] = input[N,H,W,C] ∗ filters[3,3,C,K]` at stride 1 with padding 1, in blocks of
/// tiles whose transforms and products stay near the core. Overwrites or adds.
func winogradConvolve(
  _ input: UnsafePointer<Float>, transform: UnownedTransform?, filters: UnsafePointer<Float>,
  into output: UnsafeMutablePointer<Float>, tiles: WinogradTiles, channels: Int, count: Int,
  accumulating: Bool, pool: ThreadPool
) {
  let weights = packedCount(depth: channels, columns: count)
  // Blocks of whole sixes. About 32 tiles measured best from 64 to 512 channels.
  let blocks = Partition(tiles.count, least: 32, grain: MicroBlock.rows, limit: Int.max)
  let rows = blocks.longest.roundedUp(to: MicroBlock.rows)
  let width = count.roundedUp(to: MicroBlock.columns)
  let strip = max(
    winogradStripCount(tiles, channels: channels),
    Winograd.tile * Winograd.window * count)
  let scratch = (
    WinogradPlanes.count(floats: rows * channels), WinogradPlanes.count(floats: rows * width)
  )
  BufferPool.shared.withScratch(WinogradPlanes.count(floats: weights)) { u in
    let u = WinogradPlanes(u, floats: weights)
    winogradTransform(filters: filters, channels: channels, count: count, into: u, pool: pool)
    pool.run(blocks.chunks) { block in
      BufferPool.shared.withScratch(scratch.0 + scratch.1 + strip) { memory in
        let v = WinogradPlanes(memory, floats: rows * channels)
        let m = WinogradPlanes(memory + scratch.0, floats: rows * width)
        let strip = memory + (scratch.0 + scratch.1)
        let range = blocks[block]
        winogradTransform(
          input, transform: transform, channels: channels, tiles: tiles, range: range,
          strip: strip, into: v)
        for place in 0..<Winograd.places {
          multiplyBlocks(
            v[place], rowStride: channels, packed: u[place], into: m[place], cStride: width,
            rows: range.count, columns: count, depth: channels)
        }
        winogradOutput(
          m, stride: width, filters: count, tiles: tiles, range: range, strip: strip,
          into: output, accumulating: accumulating)
      }
    }
  }
}
