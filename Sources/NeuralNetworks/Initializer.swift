import Glibc
package import Tensors

/// How a parameter starts: a function of the seed and the parameter's place, so every run with the
/// seed starts the same.
package enum Initializer: Sendable, Equatable {
  case constant(Float)
  /// Normal with deviation √(2 / (K·R·S)): He et al., "Delving deep into rectifiers", 2015, fan-out
  /// mode, as torchvision starts its convolutions.
  case kaimingNormalFanOut
  /// Uniform in ±1/√inputs, as PyTorch starts linear layers.
  case uniformFanIn(Int)

  /// Fills the entry, drawing for element i at (position = the parameter's number, index = 2i).
  package func fill(_ tensor: Tensor, seed: UInt64, number: Int) {
    let random = Philox(seed: seed, stream: .initialization)
    switch self {
    case .constant(let value):
      tensor.pointer.update(repeating: value, count: tensor.count)
    case .kaimingNormalFanOut:
      let shape = tensor.shape  // [R, S, C, K]
      let deviation = (2 / Double(shape[0] * shape[1] * shape[3])).squareRoot()
      for i in 0..<tensor.count {
        // Box and Muller; 1 − u is in (0, 1], so the logarithm is finite.
        let radius = (-2 * log(1 - Double(random.uniform(position: number, index: 2 * i))))
          .squareRoot()
        let angle = 2 * Double.pi * Double(random.uniform(position: number, index: 2 * i + 1))
        tensor.pointer[i] = Float(deviation * radius * cos(angle))
      }
    case .uniformFanIn(let inputs):
      let bound = 1 / Float(inputs).squareRoot()
      for i in 0..<tensor.count {
        tensor.pointer[i] = bound * (2 * random.uniform(position: number, index: 2 * i) - 1)
      }
    }
  }
}
