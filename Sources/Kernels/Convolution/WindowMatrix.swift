import Tensors

/// The rows [pixels, window²·C] that the output pixels of `range` see, numbered over all images:
/// transformed values, zeros in the padding.
func fillWindows(
  _ images: StoredNumbers, transform: UnownedTransform?, geometry g: ConvolutionGeometry,
  range: Range<Int>, into rows: UnsafeMutablePointer<Float>
) {
  let channels = g.channels
  if g.isPointwise {
    return loadPixels(
      range.count, from: images + range.lowerBound * channels, pixel: channels, into: rows,
      place: channels, channels: channels, transform: transform)
  }
  var destination = rows
  var window = WindowPosition(of: range.lowerBound, in: g)
  for _ in range {
    let (y, x) = (window.y, window.x)
    let source = images + ((window.image * g.height + y) * g.width + x) * channels
    window.advance()
    // The places of a window's row that lie inside the image are one run of memory.
    let first = min(max(0, -x), g.window)
    let last = max(first, min(g.window, g.width - x))
    if transform == nil && first == 0 && last == g.window && y >= 0 && y + g.window <= g.height {
      // Most windows lie inside: nothing but copies.
      for row in 0..<g.window {
        copy(
          g.window * channels, from: source + row * g.width * channels, into: destination)
        destination += g.window * channels
      }
      continue
    }
    for row in y..<(y + g.window) {
      if row < 0 || row >= g.height {
        destination.update(repeating: 0, count: g.window * channels)
      } else {
        destination.update(repeating: 0, count: first * channels)
        let source = source + (row - y) * g.width * channels
        if let transform {
          loadPixels(
            last - first, from: source + first * channels, pixel: channels,
            into: destination + first * channels, place: channels, channels: channels,
            transform: transform)
        } else {
          copy(
            (last - first) * channels, from: source + first * channels,
            into: destination + first * channels)
        }
        (destination + last * channels).update(
          repeating: 0, count: (g.window - last) * channels)
      }
      destination += g.window * channels
    }
  }
}

/// Pieces that are too short for a call to `memcpy`.
@inline(__always) private func copy(
  _ count: Int, from source: StoredNumbers, into destination: UnsafeMutablePointer<Float>
) {
  if source.format == .fp32 {
    sweep(0..<count, CopyStep(source: source.of(Float.self), destination: destination))
  } else {
    source.load(count, into: destination)
  }
}

/// Where an output pixel's window begins, counted on from pixel to pixel without divisions.
private struct WindowPosition {
  private let geometry: ConvolutionGeometry
  private(set) var image: Int
  private var row: Int
  private var column: Int

  init(of pixel: Int, in geometry: ConvolutionGeometry) {
    self.geometry = geometry
    (row, column) = pixel.quotientAndRemainder(dividingBy: geometry.outputWidth)
    (image, row) = row.quotientAndRemainder(dividingBy: geometry.outputHeight)
  }

  var y: Int { row * geometry.stride - geometry.padding }
  var x: Int { column * geometry.stride - geometry.padding }

  mutating func advance() {
    column += 1
    if column < geometry.outputWidth { return }
    column = 0
    row += 1
    if row < geometry.outputHeight { return }
    row = 0
    image += 1
  }
}

/// The adjoint of `fillWindows`: adds each window's values to the pixels they came from.
func addWindows(
  _ rows: UnsafePointer<Float>, geometry g: ConvolutionGeometry, range: Range<Int>,
  to images: UnsafeMutablePointer<Float>
) {
  let channels = g.channels
  var source = rows
  var window = WindowPosition(of: range.lowerBound, in: g)
  for _ in range {
    let (image, y, x) = (window.image, window.y, window.x)
    window.advance()
    let first = min(max(0, -x), g.window)
    let last = max(first, min(g.window, g.width - x))
    for row in y..<(y + g.window) {
      if row >= 0 && row < g.height {
        add(
          source + first * channels,
          to: images + ((image * g.height + row) * g.width + x + first) * channels,
          count: (last - first) * channels)
      }
      source += g.window * channels
    }
  }
}
