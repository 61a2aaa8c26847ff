package import Tensors

/// Overwrites `factors[N,…]` with 0 for what is dropped and `1 / (1 − rate)` for what is kept.
///
/// - Parameter positions: of the N samples: element i of sample n draws at `(positions[n], i)`.
package func dropoutFactors(
  into factors: Tensor, rate: Double, random: Philox, positions: [Int], pool: ThreadPool
) {
  precondition(positions.count == factors.shape[0], "a position for each sample")
  let count = factors.count / max(positions.count, 1)
  let (bound, kept) = (Float(rate), Float(1 / (1 - rate)))
  pool.run(positions.count) { sample in
    let row = factors.pointer + sample * count
    for i in 0..<count {
      row[i] = random.uniform(position: positions[sample], index: i) < bound ? 0 : kept
    }
  }
}

/// `output = a · b`, element by element; `output` may be one of them.
package func multiply(_ a: Tensor, _ b: Tensor, into output: Tensor, pool: ThreadPool) {
  pool.run(Partition(a.count, least: 16384)) { range in
    sweep(range, ProductStep(a: a.pointer, b: b.pointer, output: output.pointer))
  }
}

private struct ProductStep: LaneStep {
  let a: UnsafePointer<Float>
  let b: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    (L.load(a + i) * L.load(b + i)).store(output + i)
  }
}

/// `output[n,…] = x[n,…] · factors[n]`; `output` may be `x`.
package func multiplySamples(
  _ x: Tensor, by factors: [Float], into output: Tensor, pool: ThreadPool
) {
  precondition(factors.count == x.shape[0], "a factor for each sample")
  let count = x.count / max(factors.count, 1)
  pool.run(factors.count) { sample in
    let (row, result) = (x.pointer + sample * count, output.pointer + sample * count)
    let factor = factors[sample]
    for i in 0..<count { result[i] = row[i] * factor }
  }
}
