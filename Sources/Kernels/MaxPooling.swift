package import Tensors

// Max pooling over [N, H, W, C]; padding never wins. Work is cut by image.

/// `output[N,H',W',C]`: the largest (transformed) value of each window.
package func maxPool(
  _ input: Tensor, transform: ChannelTransform?, into output: Tensor,
  geometry g: ConvolutionGeometry,
  pool: ThreadPool
) {
  let plane = g.outputHeight * g.outputWidth
  let transform = transform?.unowned
  pool.run(g.images) { image in
    BufferPool.shared.withScratch(g.channels) { value in
      g.forEachWindow((image * plane)..<((image + 1) * plane)) { pixel, place, source in
        let best = output.pointer + pixel * g.channels
        if place == 0 { best.update(repeating: -.infinity, count: g.channels) }
        guard let source else { return }
        loadPixel(
          input.pointer + source * g.channels, into: value, channels: g.channels,
          transform: transform)
        // Not (value ≤ best), so that NaN wins and is seen.
        for c in 0..<g.channels where !(value[c] <= best[c]) { best[c] = value[c] }
      }
    }
  }
}

/// Adds each output's gradient to the input that won its window, the first of equals, as the forward
/// pass found it.
///
/// - Parameter inputGradient: with respect to the transformed input; overwritten unless
///   `accumulating`.
package func maxPoolGradient(
  _ input: Tensor, transform: ChannelTransform?, output: Tensor, outputGradient: Tensor,
  into inputGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  let plane = g.outputHeight * g.outputWidth
  let transform = transform?.unowned
  let imageSize = g.height * g.width * g.channels
  pool.run(g.images) { image in
    if !accumulating {
      (inputGradient.pointer + image * imageSize).update(repeating: 0, count: imageSize)
    }
    BufferPool.shared.withScratch(2 * g.channels) { value in
      // What is left of the output's gradient to give away: all of it goes to the first winner.
      let left = value + g.channels
      g.forEachWindow((image * plane)..<((image + 1) * plane)) { pixel, place, source in
        let start = pixel * g.channels
        if place == 0 { left.update(from: outputGradient.pointer + start, count: g.channels) }
        guard let source else { return }
        loadPixel(
          input.pointer + source * g.channels, into: value, channels: g.channels,
          transform: transform)
        let best = output.pointer + start
        let gradient = inputGradient.pointer + source * g.channels
        for c in 0..<g.channels where value[c] == best[c] {
          gradient[c] += left[c]
          left[c] = 0
        }
      }
    }
  }
}
