import Tensors

/// The rows [pixels, window²·C] that the output pixels of `range` see, numbered over all images:
/// transformed values, zeros in the padding.
func fillWindows(
  _ images: UnsafePointer<Float>, transform: UnownedTransform?, geometry g: ConvolutionGeometry,
  range: Range<Int>, into rows: UnsafeMutablePointer<Float>
) {
  let plane = g.outputHeight * g.outputWidth
  let channels = g.channels
  var destination = rows
  if g.isPointwise {
    for pixel in range {
      loadPixel(
        images + pixel * channels, into: destination, channels: channels, transform: transform)
      destination += channels
    }
    return
  }
  for pixel in range {
    let image = pixel / plane
    let y = pixel % plane / g.outputWidth * g.stride - g.padding
    let x = pixel % g.outputWidth * g.stride - g.padding
    // The places of a window's row that lie inside the image are one run of memory.
    let first = min(max(0, -x), g.window)
    let last = max(first, min(g.window, g.width - x))
    for row in y..<(y + g.window) {
      if row < 0 || row >= g.height {
        destination.update(repeating: 0, count: g.window * channels)
      } else {
        destination.update(repeating: 0, count: first * channels)
        let source = images + ((image * g.height + row) * g.width + x) * channels
        if let transform {
          for place in first..<last {
            loadPixel(
              source + place * channels, into: destination + place * channels, channels: channels,
              transform: transform)
          }
        } else {
          sweep(
            (first * channels)..<(last * channels),
            CopyStep(source: source, destination: destination))
        }
        (destination + last * channels).update(
          repeating: 0, count: (g.window - last) * channels)
      }
      destination += g.window * channels
    }
  }
}

/// The adjoint of `fillWindows`: adds each window's values to the pixels they came from.
func addWindows(
  _ rows: UnsafePointer<Float>, geometry g: ConvolutionGeometry, range: Range<Int>,
  to images: UnsafeMutablePointer<Float>
) {
  let plane = g.outputHeight * g.outputWidth
  let channels = g.channels
  var source = rows
  for pixel in range {
    let image = pixel / plane
    let y = pixel % plane / g.outputWidth * g.stride - g.padding
    let x = pixel % g.outputWidth * g.stride - g.padding
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
