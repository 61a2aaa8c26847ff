import Tensors

/// `Bᵀ d B` of the tiles in `range`: place (i, j) of tile t goes to row t of plane 6i + j, in rows
/// of C floats. What lies outside the image counts as zero, after the transform.
///
/// - Parameter strip: scratch of `winogradStripCount` floats.
func winogradTransform(
  _ images: StoredNumbers, transform: UnownedTransform?, channels: Int,
  tiles: WinogradTiles, range: Range<Int>, strip: UnsafeMutablePointer<Float>,
  into planes: WinogradPlanes
) {
  func run<Number: StoredNumber>(_ number: Number.Type) {
    winogradTransform(
      UnsafePointer(images.of(number)), transform: transform, channels: channels, tiles: tiles,
      range: range, strip: strip, into: planes)
  }
  switch images.format {
  case .fp32: run(Float.self)
  case .bf16: run(BFloat16.self)
  case .fp16: run(Half.self)
  }
}

private func winogradTransform<Number: StoredNumber>(
  _ images: UnsafePointer<Number>, transform: UnownedTransform?, channels: Int,
  tiles: WinogradTiles, range: Range<Int>, strip: UnsafeMutablePointer<Float>,
  into planes: WinogradPlanes
) {
  let (height, width) = (tiles.height, tiles.width)
  tiles.forEachRun(in: range) { run in
    // Columns first: neighbouring tiles share two of them.
    let columns = run.count * Winograd.tile + 2
    let stripRow = columns * channels
    let first = max(0, 1 - run.y)
    let last = min(Winograd.window, height + 1 - run.y)
    for column in 0..<columns {
      let x = run.x - 1 + column
      let destination = strip + column * channels
      if x < 0 || x >= width {
        for i in 0..<Winograd.window {
          (destination + i * stripRow).update(repeating: 0, count: channels)
        }
        continue
      }
      let source = images + ((run.image * height + run.y - 1) * width + x) * channels
      if let transform {
        sweep(
          0..<channels,
          InputColumn(
            source: source, row: width * channels, first: first, last: last, value: transform,
            destination: destination, stripRow: stripRow))
      } else {
        sweep(
          0..<channels,
          InputColumn(
            source: source, row: width * channels, first: first, last: last, value: RawValue(),
            destination: destination, stripRow: stripRow))
      }
    }
    for tile in 0..<run.count {
      for i in 0..<Winograd.window {
        sweep(
          0..<channels,
          InputRow(
            source: strip + (i * stripRow + tile * Winograd.tile * channels), channels: channels,
            destination: planes[i * Winograd.window] + (run.start + tile) * channels,
            plane: planes.stride))
      }
    }
  }
}

/// Floats of the scratch that a row of transformed columns takes.
func winogradStripCount(_ tiles: WinogradTiles, channels: Int) -> Int {
  Winograd.window * (tiles.columns * Winograd.tile + 2) * channels
}

/// What a loaded value becomes before anything is done with it.
private protocol LoadedValue {
  func callAsFunction<L: Lanes>(_ x: L, channel: Int) -> L
}

extension UnownedTransform: LoadedValue {}

private struct RawValue: LoadedValue {
  @inline(__always) func callAsFunction<L: Lanes>(_ x: L, channel: Int) -> L { x }
}

private struct InputColumn<Number: StoredNumber, Value: LoadedValue>: LaneStep {
  let source: UnsafePointer<Number>
  let row: Int
  /// The rows inside the image.
  let first: Int
  let last: Int
  let value: Value
  let destination: UnsafeMutablePointer<Float>
  let stripRow: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    @inline(__always) func load(_ i: Int) -> L {
      i >= first && i < last
        ? value(L.load(source + (i * row + c)), channel: c) : L(repeating: 0)
    }
    let v = winogradInput((load(0), load(1), load(2), load(3), load(4), load(5)))
    let destination = destination + c
    v.0.store(destination)
    v.1.store(destination + stripRow)
    v.2.store(destination + 2 * stripRow)
    v.3.store(destination + 3 * stripRow)
    v.4.store(destination + 4 * stripRow)
    v.5.store(destination + 5 * stripRow)
  }
}

private struct InputRow: LaneStep {
  let source: UnsafePointer<Float>
  let channels: Int
  let destination: UnsafeMutablePointer<Float>
  let plane: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    @inline(__always) func load(_ j: Int) -> L { L.load(source + (j * channels + c)) }
    let v = winogradInput((load(0), load(1), load(2), load(3), load(4), load(5)))
    let destination = destination + c
    v.0.store(destination)
    v.1.store(destination + plane)
    v.2.store(destination + 2 * plane)
    v.3.store(destination + 3 * plane)
    v.4.store(destination + 4 * plane)
    v.5.store(destination + 5 * plane)
  }
}
