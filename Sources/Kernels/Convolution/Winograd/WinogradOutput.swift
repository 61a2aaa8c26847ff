import Tensors

/// `Aᵀ m A`: the outputs of the tiles in `range` from their 36 products, which lie in rows of
/// `stride` floats. Overwrites the part of `output[N,H,W,K]` that belongs to the tiles and to
/// `filters`, or adds to it.
///
/// - Parameters:
///   - strip: scratch of `winogradOutputStripCount` floats.
///   - count: K.
func winogradOutput(
  _ planes: WinogradPlanes, stride: Int, tiles: WinogradTiles, range: Range<Int>,
  strip: UnsafeMutablePointer<Float>, into output: StoredNumbers,
  filters: Range<Int>, of count: Int, accumulating: Bool
) {
  func run<Number: StoredNumber>(_ number: Number.Type) {
    winogradOutput(
      planes, stride: stride, tiles: tiles, range: range, strip: strip, into: output.of(number),
      filters: filters, of: count, accumulating: accumulating)
  }
  switch output.format {
  case .fp32: run(Float.self)
  case .bf16: run(BFloat16.self)
  case .fp16: run(Half.self)
  }
}

private func winogradOutput<Number: StoredNumber>(
  _ planes: WinogradPlanes, stride: Int, tiles: WinogradTiles, range: Range<Int>,
  strip: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Number>,
  filters: Range<Int>, of count: Int, accumulating: Bool
) {
  let (height, width) = (tiles.height, tiles.width)
  tiles.forEachRun(in: range) { run in
    let rows = min(Winograd.tile, height - run.y)
    for tile in 0..<run.count {
      let x = run.x + tile * Winograd.tile
      let columns = min(Winograd.tile, width - x)
      for j in 0..<Winograd.window {
        sweep(
          0..<filters.count,
          OutputColumn(
            source: planes[j] + (run.start + tile) * stride, plane: planes.stride,
            destination: strip + j * filters.count, filters: filters.count))
      }
      for i in 0..<rows {
        let pixel = (run.image * height + run.y + i) * width + x
        sweep(
          0..<filters.count,
          OutputRow(
            source: strip + i * Winograd.window * filters.count, filters: filters.count,
            columns: columns, destination: output + (pixel * count + filters.lowerBound),
            pixel: count, accumulating: accumulating))
      }
    }
  }
}

/// Floats of scratch for one tile between its columns and its rows.
func winogradOutputStripCount(filters: Int) -> Int {
  Winograd.tile * Winograd.window * filters
}

private struct OutputColumn: LaneStep {
  let source: UnsafePointer<Float>
  let plane: Int
  let destination: UnsafeMutablePointer<Float>
  let filters: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func load(_ i: Int) -> L {
      L.load(source + (i * Winograd.window * plane + k))
    }
    let y = winogradOutput((load(0), load(1), load(2), load(3), load(4), load(5)))
    let row = Winograd.window * filters
    y.0.store(destination + k)
    y.1.store(destination + (row + k))
    y.2.store(destination + (2 * row + k))
    y.3.store(destination + (3 * row + k))
  }
}

private struct OutputRow<Number: StoredNumber>: LaneStep {
  let source: UnsafePointer<Float>
  let filters: Int
  /// Outputs inside the image.
  let columns: Int
  let destination: UnsafeMutablePointer<Number>
  /// Floats from one output pixel to the next.
  let pixel: Int
  let accumulating: Bool

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func load(_ j: Int) -> L { L.load(source + (j * filters + k)) }
    @inline(__always) func write(_ j: Int, _ y: L) {
      guard j < columns else { return }
      let place = destination + (j * pixel + k)
      (accumulating ? L.load(UnsafePointer(place)) + y : y).store(place)
    }
    let y = winogradOutput((load(0), load(1), load(2), load(3), load(4), load(5)))
    write(0, y.0)
    write(1, y.1)
    write(2, y.2)
    write(3, y.3)
  }
}
