package import Tensors

// A sequence of tokens [N, 1 + P, C]: a learned class token and an image's P patches.

/// `output[n,0] = classToken + position[0]`, `output[n,1+i] = patches[n,i] + bias + position[1+i]`.
package func embedTokens(
  _ patches: Tensor, bias: Tensor, classToken: Tensor, position: Tensor, into output: Tensor,
  pool: ThreadPool
) {
  let channels = bias.count
  let tokens = position.count / channels
  pool.run(output.shape[0]) { image in
    for token in 0..<tokens {
      let target = output.pointer + (image * tokens + token) * channels
      target.update(from: position.pointer + token * channels, count: channels)
      if token == 0 {
        add(classToken.pointer, to: target, count: channels)
      } else {
        add(bias.pointer, to: target, count: channels)
        add(
          patches.pointer + (image * (tokens - 1) + token - 1) * channels, to: target,
          count: channels)
      }
    }
  }
}

/// `output[n,0] = token`, `output[n,1+i] = x[n,i]`.
package func prependToken(_ token: Tensor, to x: Tensor, into output: Tensor) {
  let (count, channels) = (x.shape[1], x.shape[2])
  for image in 0..<x.shape[0] {
    let target = output.pointer + image * (count + 1) * channels
    target.update(from: token.pointer, count: channels)
    (target + channels).update(
      from: x.pointer + image * count * channels, count: count * channels)
  }
}

/// `output[N,count,C] = x[N,from ..< from + count,C]`.
package func takeTokens(_ x: Tensor, from first: Int, into output: Tensor) {
  let (tokens, count, channels) = (x.shape[1], output.shape[1], x.shape[2])
  for image in 0..<x.shape[0] {
    (output.pointer + image * count * channels)
      .update(from: x.pointer + (image * tokens + first) * channels, count: count * channels)
  }
}

/// The way back: zero for the tokens that were not taken; added when `accumulating`.
package func takeTokensGradient(
  _ outputGradient: Tensor, from first: Int, into inputGradient: Tensor, accumulating: Bool
) {
  let shape = inputGradient.shape
  let (tokens, count, channels) = (shape[1], outputGradient.shape[1], shape[2])
  if !accumulating { inputGradient.pointer.update(repeating: 0, count: inputGradient.count) }
  for image in 0..<shape[0] {
    add(
      outputGradient.pointer + image * count * channels,
      to: inputGradient.pointer + (image * tokens + first) * channels, count: count * channels)
  }
}
