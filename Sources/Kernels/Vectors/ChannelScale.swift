package import Tensors

/// The backward pass of `y[…,C] = x · scale[C]`: overwrites the input's gradient `scale · dy` and
/// the scale's `Σ x · dy`, a fixed number of partial sums over rows that are added in order.
package func channelScaleGradient(
  _ x: Tensor, scale: Tensor, outputGradient: Tensor, into inputGradient: Tensor,
  scaleGradient: Tensor, pool: ThreadPool
) {
  let channels = scale.count
  let blocks = Partition(x.count / channels, least: 32)
  BufferPool.shared.withScratch(blocks.chunks * channels) { partials in
    pool.run(blocks.chunks) { block in
      let sum = partials + block * channels
      sum.update(repeating: 0, count: channels)
      for row in blocks[block] {
        let start = row * channels
        sweep(
          0..<channels,
          ChannelScaleGradientStep(
            x: x.pointer + start, gradient: outputGradient.pointer + start, scale: scale.pointer,
            sum: sum, result: inputGradient.pointer + start))
      }
    }
    scaleGradient.pointer.update(repeating: 0, count: channels)
    for block in 0..<blocks.chunks {
      add(partials + block * channels, to: scaleGradient.pointer, count: channels)
    }
  }
}

private struct ChannelScaleGradientStep: LaneStep {
  let x: UnsafePointer<Float>
  let gradient: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let sum: UnsafeMutablePointer<Float>
  let result: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let g = L.load(gradient + c)
    L.load(sum + c).addingProduct(g, L.load(x + c)).store(sum + c)
    (g * L.load(scale + c)).store(result + c)
  }
}
