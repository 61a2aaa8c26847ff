package import Tensors

/// `output[N,C]`: the mean over an image's pixels, `input[N,H,W,C]` transformed as it is loaded.
package func globalAveragePool(
  _ input: Tensor, transform: ChannelTransform?, into output: Tensor, pool: ThreadPool
) {
  let channels = input.shape[3]
  let transform = transform?.unowned
  pool.run(input.shape[0]) { image in
    averageImage(
      input.pointer + image * input.count / input.shape[0], transform: transform,
      rows: input.shape[1], columns: input.shape[2], channels: channels,
      into: output.pointer + image * channels)
  }
}

/// The mean of each channel over one image, summed row by row.
func averageImage(
  _ image: UnsafePointer<Float>, transform: UnownedTransform?, rows: Int, columns: Int,
  channels: Int, into mean: UnsafeMutablePointer<Float>
) {
  mean.update(repeating: 0, count: channels)
  for row in 0..<rows {
    let start = image + row * columns * channels
    sweep(
      0..<channels,
      RowSumStep(x: start, transform: transform, channels: channels, columns: columns, sum: mean))
  }
  for c in 0..<channels { mean[c] /= Float(rows * columns) }
}

/// Adds the sum over a row of pixels to `sum`.
private struct RowSumStep: LaneStep {
  let x: UnsafePointer<Float>
  let transform: UnownedTransform?
  let channels: Int
  let columns: Int
  let sum: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    var total = L(repeating: 0)
    for column in 0..<columns {
      let value = L.load(x + column * channels + c)
      total = total + (transform.map { $0(value, channel: c) } ?? value)
    }
    (L.load(sum + c) + total).store(sum + c)
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
