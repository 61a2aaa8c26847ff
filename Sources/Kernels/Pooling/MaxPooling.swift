package import Tensors

// Max pooling over [N, H, W, C]; padding never wins, and NaN does, so that it is seen. Work is cut
// by image.

/// `output[N,H',W',C]`: the largest (transformed) value of each window.
package func maxPool(
  _ input: Tensor, transform: ChannelTransform?, into output: Tensor,
  geometry g: ConvolutionGeometry,
  pool: ThreadPool
) {
  let plane = g.outputHeight * g.outputWidth
  let (input, output, transform) = (input.pointer, output.pointer, transform?.unowned)
  pool.run(g.images) { image in
    for pixel in (image * plane)..<((image + 1) * plane) {
      sweep(
        0..<g.channels,
        MaximumStep(
          input: input, window: PooledWindow(pixel, g), transform: transform,
          output: output + pixel * g.channels))
    }
  }
}

/// Adds each output's gradient to the input that won its window, the first of equals, as the
/// forward pass found it.
///
/// - Parameter inputGradient: with respect to the transformed input; overwritten unless
///   `accumulating`.
package func maxPoolGradient(
  _ input: Tensor, transform: ChannelTransform?, output: Tensor, outputGradient: Tensor,
  into inputGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  let plane = g.outputHeight * g.outputWidth
  let imageSize = g.height * g.width * g.channels
  let (input, output, transform) = (input.pointer, output.pointer, transform?.unowned)
  let (outputGradient, inputGradient) = (outputGradient.pointer, inputGradient.pointer)
  pool.run(g.images) { image in
    if !accumulating {
      (inputGradient + image * imageSize).update(repeating: 0, count: imageSize)
    }
    for pixel in (image * plane)..<((image + 1) * plane) {
      let start = pixel * g.channels
      sweep(
        0..<g.channels,
        WinnerStep(
          input: input, window: PooledWindow(pixel, g), transform: transform,
          output: output + start, outputGradient: outputGradient + start,
          inputGradient: inputGradient))
    }
  }
}

/// The part of an output pixel's window that lies inside its image, as offsets of floats.
private struct PooledWindow {
  let first: Int
  let rows: Int
  let columns: Int
  let rowStride: Int
  let columnStride: Int

  /// - Parameter pixel: numbered over all images.
  init(_ pixel: Int, _ g: ConvolutionGeometry) {
    let plane = g.outputHeight * g.outputWidth
    let y = pixel % plane / g.outputWidth * g.stride - g.padding
    let x = pixel % g.outputWidth * g.stride - g.padding
    let (top, left) = (max(0, y), max(0, x))
    rows = min(g.height, y + g.window) - top
    columns = min(g.width, x + g.window) - left
    columnStride = g.channels
    rowStride = g.width * g.channels
    first = (pixel / plane * g.height + top) * rowStride + left * columnStride
  }

  @inline(__always) func forEach(_ body: (Int) -> Void) {
    for row in 0..<rows {
      for column in 0..<columns { body(first + row * rowStride + column * columnStride) }
    }
  }
}

private struct MaximumStep: LaneStep {
  let input: UnsafePointer<Float>
  let window: PooledWindow
  let transform: UnownedTransform?
  let output: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    var best = L(repeating: -.infinity)
    window.forEach { offset in
      var x = L.load(input + (offset + c))
      if let transform {
        x = transform(x, channel: c)
      }
      best = best.maximum(x)
    }
    best.store(output + c)
  }
}

private struct WinnerStep: LaneStep {
  let input: UnsafePointer<Float>
  let window: PooledWindow
  let transform: UnownedTransform?
  let output: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let inputGradient: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let best = L.load(output + c)
    // What is left of the output's gradient to give away: all of it goes to the first winner.
    var left = L.load(outputGradient + c)
    window.forEach { offset in
      var x = L.load(input + (offset + c))
      if let transform {
        x = transform(x, channel: c)
      }
      let share = left.passed(whereEqual: x, best)
      left = left - share
      let gradient = inputGradient + (offset + c)
      (L.load(gradient) + share).store(gradient)
    }
  }
}
