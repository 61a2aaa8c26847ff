package import Tensors

/// What the machine can do at most, as small loops find it: what kernels are rated by.
package enum MachinePeak {
  /// Multiplications and additions a second of all the pool's threads, in Float: twelve independent
  /// chains of fused multiply-adds that never leave the registers. The best of forty runs.
  package static func arithmetic(_ pool: ThreadPool) -> Double {
    let rounds = 1_000_000
    return BufferPool.shared.withScratch(pool.threads * Vector.width) { sums in
      best(of: 40) {
        pool.run(pool.threads) { chunk in
          chains(rounds: rounds).store(sums + chunk * Vector.width)
        }
      } * Double(pool.threads * rounds * 12 * Vector.width * 2)
    }
  }

  /// Bytes a second between memory and all the pool's threads: `b ← b + factor · a` over arrays
  /// that no cache holds, read twice and written once. The best of twenty runs.
  package static func bandwidth(_ pool: ThreadPool) -> Double {
    let count = 1 << 25  // 128 MB each
    let memory = BufferPool().take(2 * count)  // Not of the shared pool, which would keep it.
    let (a, b) = (memory.pointer, memory.pointer + count)
    a.update(repeating: 1, count: 2 * count)
    let pieces = Partition(count, grain: 1024, limit: 64)
    let runs = best(of: 20) {
      pool.run(pieces) { range in sweep(range, TriadStep(a: a, b: b)) }
    }
    withExtendedLifetime(memory) {}
    return runs * Double(3 * count * MemoryLayout<Float>.stride)
  }

  /// Runs a second of the fastest of several.
  private static func best(of runs: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let times = (0..<runs).map { _ in clock.measure(body) / .seconds(1) }
    return 1 / (times.min() ?? .infinity)
  }

  @inline(never) private static func chains(rounds: Int) -> Vector {
    let (factor, term) = (Vector(repeating: 0.999), Vector(repeating: 0.001))
    var (a, b, c) = (Vector(repeating: 1), Vector(repeating: 2), Vector(repeating: 3))
    var (d, e, f) = (Vector(repeating: 4), Vector(repeating: 5), Vector(repeating: 6))
    var (g, h, i) = (Vector(repeating: 7), Vector(repeating: 8), Vector(repeating: 9))
    var (j, k, l) = (Vector(repeating: 10), Vector(repeating: 11), Vector(repeating: 12))
    for _ in 0..<rounds {
      a = term.addingProduct(a, factor)
      b = term.addingProduct(b, factor)
      c = term.addingProduct(c, factor)
      d = term.addingProduct(d, factor)
      e = term.addingProduct(e, factor)
      f = term.addingProduct(f, factor)
      g = term.addingProduct(g, factor)
      h = term.addingProduct(h, factor)
      i = term.addingProduct(i, factor)
      j = term.addingProduct(j, factor)
      k = term.addingProduct(k, factor)
      l = term.addingProduct(l, factor)
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h)) + ((i + j) + (k + l))
  }
}

/// `b ← b + factor · a`
private struct TriadStep: LaneStep {
  let a: UnsafePointer<Float>
  let b: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    L.load(b + i).addingProduct(L.load(a + i), L(repeating: 1e-3)).store(b + i)
  }
}
