package import Tensors

/// `output[N,C]`: the mean over an image's pixels, `input[N,H,W,C]`.
package func globalAveragePool(_ input: Tensor, into output: Tensor, pool: ThreadPool) {
  let (pixels, channels) = (input.shape[1] * input.shape[2], input.shape[3])
  pool.run(input.shape[0]) { image in
    let sum = output.pointer + image * channels
    sum.update(repeating: 0, count: channels)
    for pixel in 0..<pixels {
      add(input.pointer + (image * pixels + pixel) * channels, to: sum, count: channels)
    }
    for c in 0..<channels { sum[c] /= Float(pixels) }
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
