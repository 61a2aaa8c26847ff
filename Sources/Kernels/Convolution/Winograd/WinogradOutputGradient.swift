import Tensors

/// `A g Aᵀ` of the output gradient's tiles in `range`: place (i, j) of tile t goes to row t of
/// plane 6i + j, a matrix [tiles, K] packed in panels of 16 columns of `rows` rows each. Gradients
/// beyond the image are zero.
///
/// - Parameter strip: scratch of `winogradStripCount` floats.
func winogradTransform(
  outputGradient: StoredNumbers, filters: Int, tiles: WinogradTiles, range: Range<Int>,
  strip: UnsafeMutablePointer<Float>, into planes: WinogradPlanes, rows: Int
) {
  func run<Number: StoredNumber>(_ number: Number.Type) {
    winogradTransform(
      outputGradient: UnsafePointer(outputGradient.of(number)), filters: filters, tiles: tiles,
      range: range, strip: strip, into: planes, rows: rows)
  }
  switch outputGradient.format {
  case .fp32: run(Float.self)
  case .bf16: run(BFloat16.self)
  case .fp16: run(Half.self)
  }
}

private func winogradTransform<Number: StoredNumber>(
  outputGradient: UnsafePointer<Number>, filters: Int, tiles: WinogradTiles, range: Range<Int>,
  strip: UnsafeMutablePointer<Float>, into planes: WinogradPlanes, rows: Int
) {
  let (height, width) = (tiles.height, tiles.width)
  tiles.forEachRun(in: range) { run in
    let columns = run.count * Winograd.tile
    let stripRow = columns * filters
    for column in 0..<columns {
      let x = run.x + column
      let destination = strip + column * filters
      if x >= width {
        for i in 0..<Winograd.window {
          (destination + i * stripRow).update(repeating: 0, count: filters)
        }
        continue
      }
      sweep(
        0..<filters,
        GradientColumn(
          source: outputGradient + ((run.image * height + run.y) * width + x) * filters,
          row: width * filters, last: height - run.y, destination: destination,
          stripRow: stripRow))
    }
    for tile in 0..<run.count {
      for i in 0..<Winograd.window {
        sweep(
          0..<filters,
          GradientRow(
            source: strip + (i * stripRow + tile * Winograd.tile * filters), filters: filters,
            destination: planes[i * Winograd.window]
              + (run.start + tile) * MicroBlock.columns, rows: rows, plane: planes.stride))
      }
    }
  }
}

private struct GradientColumn<Number: StoredNumber>: LaneStep {
  let source: UnsafePointer<Number>
  let row: Int
  /// Rows inside the image.
  let last: Int
  let destination: UnsafeMutablePointer<Float>
  let stripRow: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func load(_ i: Int) -> L {
      i < last ? L.load(source + (i * row + k)) : L(repeating: 0)
    }
    let z = winogradOutputAdjoint((load(0), load(1), load(2), load(3)))
    let destination = destination + k
    z.0.store(destination)
    z.1.store(destination + stripRow)
    z.2.store(destination + 2 * stripRow)
    z.3.store(destination + 3 * stripRow)
    z.4.store(destination + 4 * stripRow)
    z.5.store(destination + 5 * stripRow)
  }
}

private struct GradientRow: LaneStep {
  let source: UnsafePointer<Float>
  let filters: Int
  let destination: UnsafeMutablePointer<Float>
  /// Rows of a panel.
  let rows: Int
  let plane: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func load(_ j: Int) -> L { L.load(source + (j * filters + k)) }
    let z = winogradOutputAdjoint((load(0), load(1), load(2), load(3)))
    let width = MicroBlock.columns
    let destination = destination + (k / width * rows * width + k % width)
    z.0.store(destination)
    z.1.store(destination + plane)
    z.2.store(destination + 2 * plane)
    z.3.store(destination + 3 * plane)
    z.4.store(destination + 4 * plane)
    z.5.store(destination + 5 * plane)
  }
}
