import Glibc
import Kernels
import Support
import Tensors
import Testing

/// Attention against sums written out in Double.
@Suite struct AttentionTests {
  struct Case: Sendable, CustomStringConvertible {
    var images: Int
    var tokens: Int
    var heads: Int
    var depth: Int
    var queries: Int

    var description: String {
      "\(images) × \(queries) of \(tokens) tokens, \(heads) heads of \(depth)"
    }
    var geometry: AttentionGeometry {
      AttentionGeometry(
        qkv: [images, tokens, 3 * heads * depth], heads: heads, queries: queries)
    }
  }

  static let cases = [
    Case(images: 2, tokens: 7, heads: 3, depth: 5, queries: 7),
    Case(images: 1, tokens: 17, heads: 2, depth: 8, queries: 17),
    Case(images: 3, tokens: 9, heads: 2, depth: 4, queries: 1),
    Case(images: 1, tokens: 1, heads: 1, depth: 1, queries: 1),
    Case(images: 2, tokens: 50, heads: 1, depth: 64, queries: 20),
  ]

  struct Result: Equatable {
    var output: [Float]
    var gradient: [Float]
  }

  func run(_ test: Case, threads: Int) -> Result {
    let g = test.geometry
    let pool = ThreadPool(threads: threads)
    let qkv = randomTensor(g.qkv, seed: 1)
    let probabilities = Tensor(uninitialized: g.probabilities)
    let output = Tensor(uninitialized: g.output)
    attend(qkv, probabilities: probabilities, into: output, geometry: g, pool: pool)
    let gradient = Tensor(uninitialized: g.qkv)
    attendGradient(
      qkv, probabilities: probabilities, outputGradient: randomTensor(g.output, seed: 2),
      into: gradient, geometry: g, pool: pool)
    return Result(output: output.values, gradient: gradient.values)
  }

  @Test(arguments: cases) func `agrees with Double`(_ test: Case) {
    let g = test.geometry
    let found = run(test, threads: 2)
    let (output, gradient) = naive(test)
    #expect(largestDifference(Tensor(found.output, shape: g.output), output) < 1e-6)
    #expect(largestDifference(Tensor(found.gradient, shape: g.qkv), gradient) < 2e-6)
  }

  @Test(arguments: cases) func `any number of threads gives the same bits`(_ test: Case) {
    let one = run(test, threads: 1)
    #expect(run(test, threads: 2) == one)
    #expect(run(test, threads: 3) == one)
  }

  private func naive(_ test: Case) -> (output: Tensor, gradient: Tensor) {
    let g = test.geometry
    let x = randomTensor(g.qkv, seed: 1).values.map(Double.init)
    let dy = randomTensor(g.output, seed: 2).values.map(Double.init)
    var y = [Double](repeating: 0, count: dy.count)
    var dx = [Double](repeating: 0, count: x.count)
    let scale = 1 / Double(test.depth).squareRoot()
    for n in 0..<test.images {
      for h in 0..<test.heads {
        func place(_ part: Int, _ token: Int, _ d: Int) -> Int {
          ((n * test.tokens + token) * 3 + part) * test.heads * test.depth + h * test.depth + d
        }
        for q in 0..<test.queries {
          func out(_ d: Int) -> Int {
            ((n * test.queries + q) * test.heads + h) * test.depth + d
          }
          let depth = 0..<test.depth
          let scores = (0..<test.tokens).map { t in
            scale * depth.reduce(0) { $0 + x[place(0, q, $1)] * x[place(1, t, $1)] }
          }
          let powers = scores.map { exp($0) }
          let sum = powers.reduce(0, +)
          let p = powers.map { $0 / sum }
          let dp = (0..<test.tokens).map { t in
            depth.reduce(0) { $0 + dy[out($1)] * x[place(2, t, $1)] }
          }
          let mean = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
          for t in 0..<test.tokens {
            let slope = p[t] * (dp[t] - mean) * scale
            for d in depth {
              y[out(d)] += p[t] * x[place(2, t, d)]
              dx[place(2, t, d)] += p[t] * dy[out(d)]
              dx[place(0, q, d)] += slope * x[place(1, t, d)]
              dx[place(1, t, d)] += slope * x[place(0, q, d)]
            }
          }
        }
      }
    }
    return (
      Tensor(y.map(Float.init), shape: g.output), Tensor(dx.map(Float.init), shape: g.qkv)
    )
  }
}
