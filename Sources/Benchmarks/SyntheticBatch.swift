import NeuralNetworks
import Tensors

/// A micro-batch of random images and labels, the same at each run.
struct SyntheticBatch {
  /// `[images, size, size, 3]`, uniform with mean 0 and variance 1.
  let images: Tensor
  let targets: Targets

  static let classes = 8

  init(number: Int, images count: Int, size: Int) {
    let random = Philox(seed: 42, stream: .layer("synthetic"), epoch: number)
    images = Tensor(uninitialized: [count, size, size, 3])
    let floats = size * size * 3
    let spread = 2 * Float(3).squareRoot()
    for image in 0..<count {
      for index in 0..<floats {
        images.pointer[image * floats + index] =
          spread * (random.uniform(position: image, index: index) - 0.5)
      }
    }
    targets = Targets(
      (0..<count).map { random.integer(below: Self.classes, position: $0, index: floats) })
  }
}
