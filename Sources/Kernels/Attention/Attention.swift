package import Tensors

// Multi-head attention (Vaswani et al., 2017) within each image of qkv[N,T,3,H,D], D being
// channels / heads: out = softmax(q · kᵀ / √D) · v. Only the first tokens may be asked for, where
// nothing reads the others. Work is cut by image and head.

/// Extents of attention, and where a head's matrices lie.
package struct AttentionGeometry: Sendable {
  package let images: Int
  package let tokens: Int
  package let heads: Int
  package let channels: Int
  /// Tokens at the front whose output is computed.
  package let queries: Int

  package init(qkv: Shape, heads: Int, queries: Int) {
    precondition(qkv.rank == 3 && qkv[2] % (3 * heads) == 0, "no \(heads) heads in \(qkv)")
    precondition((1...qkv[1]).contains(queries), "\(queries) queries of \(qkv[1]) tokens")
    images = qkv[0]
    tokens = qkv[1]
    self.heads = heads
    channels = qkv[2] / 3
    self.queries = queries
  }

  package var qkv: Shape { [images, tokens, 3 * channels] }
  package var output: Shape { [images, queries, channels] }
  package var probabilities: Shape { [images, heads, queries, tokens] }

  fileprivate var depth: Int { channels / heads }
  fileprivate var scale: Float { 1 / Float(depth).squareRoot() }

  /// The offset in qkv of the queries (0), keys (1) or values (2) of a head of an image.
  fileprivate func offset(_ part: Int, _ chunk: Int) -> Int {
    (chunk / heads) * tokens * 3 * channels + part * channels + (chunk % heads) * depth
  }

  fileprivate func outputOffset(_ chunk: Int) -> Int {
    (chunk / heads) * queries * channels + (chunk % heads) * depth
  }
}

/// Overwrites `output[N,Q,channels]`, and `probabilities[N,H,Q,T]`, which backward needs.
package func attend(
  _ qkv: Tensor, probabilities: Tensor, into output: Tensor, geometry g: AttentionGeometry,
  pool: ThreadPool
) {
  let stride = 3 * g.channels
  pool.run(g.images * g.heads) { chunk in
    let weights = probabilities.pointer + chunk * g.queries * g.tokens
    multiply(
      Matrix(qkv.pointer + g.offset(0, chunk), stride: stride),
      Matrix(qkv.pointer + g.offset(1, chunk), stride: stride, transposed: true),
      into: weights, stride: g.tokens, rows: g.queries, columns: g.tokens, depth: g.depth)
    for query in 0..<g.queries {
      softmax(weights + query * g.tokens, count: g.tokens, scale: g.scale)
    }
    multiply(
      Matrix(weights, stride: g.tokens), Matrix(qkv.pointer + g.offset(2, chunk), stride: stride),
      into: output.pointer + g.outputOffset(chunk), stride: g.channels, rows: g.queries,
      columns: g.depth, depth: g.tokens)
  }
}

/// Overwrites the gradient of qkv.
package func attendGradient(
  _ qkv: Tensor, probabilities: Tensor, outputGradient: Tensor, into qkvGradient: Tensor,
  geometry g: AttentionGeometry, pool: ThreadPool
) {
  let stride = 3 * g.channels
  pool.run(g.images * g.heads) { chunk in
    let weights = Matrix(
      probabilities.pointer + chunk * g.queries * g.tokens, stride: g.tokens)
    let gradient = Matrix(outputGradient.pointer + g.outputOffset(chunk), stride: g.channels)
    func part(_ number: Int, transposed: Bool = false) -> Matrix {
      Matrix(qkv.pointer + g.offset(number, chunk), stride: stride, transposed: transposed)
    }
    func result(_ number: Int) -> UnsafeMutablePointer<Float> {
      qkvGradient.pointer + g.offset(number, chunk)
    }
    multiply(
      weights.transpose, gradient, into: result(2), stride: stride, rows: g.tokens,
      columns: g.depth, depth: g.queries)
    BufferPool.shared.withScratch(g.queries * g.tokens) { scores in
      multiply(
        gradient, part(2, transposed: true), into: scores, stride: g.tokens, rows: g.queries,
        columns: g.tokens, depth: g.depth)
      for query in 0..<g.queries {
        let row = SoftmaxRow(
          probabilities: weights.pointer + query * g.tokens, gradient: scores + query * g.tokens)
        sweep(
          0..<g.tokens,
          SoftmaxGradientStep(row: row, mean: total(g.tokens, row), scale: g.scale))
      }
      multiply(
        Matrix(scores, stride: g.tokens), part(1), into: result(0), stride: stride,
        rows: g.queries, columns: g.depth, depth: g.tokens)
      multiply(
        Matrix(scores, stride: g.tokens, transposed: true), part(0), into: result(1),
        stride: stride, rows: g.tokens, columns: g.depth, depth: g.queries)
    }
    for token in g.queries..<g.tokens {
      (result(0) + token * stride).update(repeating: 0, count: g.depth)
    }
  }
}

/// `x = softmax(scale · x)`, scale being above zero.
private func softmax(_ x: UnsafeMutablePointer<Float>, count: Int, scale: Float) {
  var largest = x[0]
  for i in 1..<max(count, 1) where x[i] > largest { largest = x[i] }
  sweep(0..<count, ExponentialStep(x: x, offset: -largest * scale, scale: scale))
  sweep(0..<count, ScaleStep(x: x, factor: 1 / total(count, PlainTerm(x: x))))
}

private struct ExponentialStep: LaneStep {
  let x: UnsafeMutablePointer<Float>
  let offset: Float
  let scale: Float
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    L(repeating: offset).addingProduct(L.load(x + i), L(repeating: scale)).exponential()
      .store(x + i)
  }
}

private struct ScaleStep: LaneStep {
  let x: UnsafeMutablePointer<Float>
  let factor: Float
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    (L.load(x + i) * L(repeating: factor)).store(x + i)
  }
}

private struct PlainTerm: LaneTerm {
  let x: UnsafePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int) -> L { L.load(x + i) }
}

/// A row of probabilities and of their gradient; as a sum, Σ p · g.
private struct SoftmaxRow: LaneTerm {
  let probabilities: UnsafePointer<Float>
  let gradient: UnsafeMutablePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int) -> L {
    L.load(probabilities + i) * L.load(gradient + i)
  }
}

/// The scores' gradient in place of the probabilities': p · (g − Σ p·g) · scale.
private struct SoftmaxGradientStep: LaneStep {
  let row: SoftmaxRow
  let mean: Float
  let scale: Float
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    let centred = L.load(row.gradient + i) - L(repeating: mean)
    (L.load(row.probabilities + i) * centred * L(repeating: scale)).store(row.gradient + i)
  }
}

extension Matrix {
  fileprivate var transpose: Matrix { Matrix(pointer, stride: stride, transposed: !transposed) }
}
