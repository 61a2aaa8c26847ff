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
  package func fill(_ tensor: Tensor, seed: UInt64, number: Int) {
    let random = Philox(seed: seed, stream: .initialization)
    switch self {
    case .constant(let value):
      tensor.pointer.update(repeating: value, count: tensor.count)
    case .normal(let deviation):
      for i in 0..<tensor.count {
        // Box and Muller; 1 − u is in (0, 1], so the logarithm is finite.
        let radius = (-2 * log(1 - Double(random.uniform(position: number, index: 2 * i))))
          .squareRoot()
        let angle = 2 * Double.pi * Double(random.uniform(position: number, index: 2 * i + 1))
        tensor.pointer[i] = Float(deviation * radius * cos(angle))
      }
    case .uniform(let fan):
      let bound = 1 / Float(fan).squareRoot()
      for i in 0..<tensor.count {
        tensor.pointer[i] = bound * (2 * random.uniform(position: number, index: 2 * i) - 1)
      }
    }
  }
}
