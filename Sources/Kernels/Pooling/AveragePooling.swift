package import Tensors

/// `output[N,C]`: the mean over an image's pixels, `input[N,H,W,C]` transformed as it is loaded.
package func globalAveragePool(
  _ input: Tensor, transform: ChannelTransform?, into output: Tensor, pool: ThreadPool
) {
  let channels = input.shape[3]
  let transform = transform?.unowned
  pool.run(input.shape[0]) { image in
    averageImage(
      UnsafePointer(input.pointer + image * input.count / input.shape[0]), transform: transform,
      rows: input.shape[1], columns: input.shape[2], channels: channels,
      into: output.pointer + image * channels)
  }
}

/// The mean of each channel over one image, pixel after pixel as they lie in memory; by sums of
/// rows, which keep more digits than one long sum.
func averageImage<Number: StoredNumber>(
  _ image: UnsafePointer<Number>, transform: UnownedTransform?, rows: Int, columns: Int,
  channels: Int, into mean: UnsafeMutablePointer<Float>
) {
  mean.update(repeating: 0, count: channels)
  BufferPool.shared.withScratch(channels) { sum in
    for row in 0..<rows {
      sum.update(repeating: 0, count: channels)
      for pixel in (row * columns)..<((row + 1) * columns) {
        sweep(
          0..<channels, PixelSumStep(x: image + pixel * channels, transform: transform, sum: sum))
      }
      add(sum, to: mean, count: channels)
    }
  }
  for c in 0..<channels { mean[c] /= Float(rows * columns) }
}

/// Adds a pixel to `sum`.
private struct PixelSumStep<Number: StoredNumber>: LaneStep {
  let x: UnsafePointer<Number>
  let transform: UnownedTransform?
  let sum: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let value = L.load(x + c)
    (L.load(sum + c) + (transform.map { $0(value, channel: c) } ?? value)).store(sum + c)
  }
}

/// Spreads each channel's gradient evenly over the image's pixels; overwrites.
package func globalAveragePoolGradient(
  _ outputGradient: Tensor, into inputGradient: Tensor, pool: ThreadPool
) {
  let shape = inputGradient.shape
  let (pixels, channels) = (shape[1] * shape[2], shape[3])
  pool.run(shape[0]) { image in
    let first = inputGradient.pointer + image * pixels * channels
    for c in 0..<channels {
      first[c] = outputGradient.pointer[image * channels + c] / Float(pixels)
    }
    for pixel in 1..<max(pixels, 1) {
      (first + pixel * channels).update(from: first, count: channels)
    }
  }
}
