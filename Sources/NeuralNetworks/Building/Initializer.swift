import Glibc
package import Tensors

/// How a parameter starts: a function of the seed and the parameter's place, so every run with the
/// seed starts the same.
package enum Initializer: Sendable, Equatable {
  case constant(Float)
  /// Normal around zero.
  case normal(deviation: Double)
  /// Uniform in ±1/√fan, as PyTorch starts linear layers with the number of their inputs.
  case uniform(fan: Int)

  /// Fills the entry, drawing for element i at (position = the parameter's number, index = 2i).
  package func fill(
    _ tensor: Tensor, seed: UInt64, number: Int, pool: ThreadPool = ThreadPool(threads: 1)
  ) {
    let random = Philox(seed: seed, stream: .initialization)
    /// A block of four random numbers serves two elements.
    func fill(_ value: (Float, Float) -> Float) {
      pool.run(Partition(tensor.count, least: 10_000, grain: 2)) { range in
        for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
          let four = random.uniforms(position: number, block: i / 2)
          tensor.pointer[i] = value(four[0], four[1])
          if i + 1 < tensor.count { tensor.pointer[i + 1] = value(four[2], four[3]) }
        }
      }
    }
    switch self {
    case .constant(let value):
      tensor.pointer.update(repeating: value, count: tensor.count)
    case .normal(let deviation):
      // Box and Muller; 1 − u is in (0, 1], so the logarithm is finite.
      fill { first, second in
        let radius = (-2 * log(1 - Double(first))).squareRoot()
        return Float(deviation * radius * cos(2 * Double.pi * Double(second)))
      }
    case .uniform(let fan):
      let bound = 1 / Float(fan).squareRoot()
      fill { first, _ in bound * (2 * first - 1) }
    }
  }
}
