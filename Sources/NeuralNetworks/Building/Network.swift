package import Differentiation
package import Tensors

/// The forward pass of a classifier: a body that makes features of images, and a head.
package protocol Network {
  /// Logits `[N, classes]` of images `[N, H, W, C]`.
  func callAsFunction(_ images: Variable, on tape: Tape) -> Variable

  /// What the head looks at, `[N, features]`, finished values.
  func features(of images: Variable, on tape: Tape) -> Variable
}

/// A network with the layout of its parameters and their first values.
package struct Model {
  package let network: any Network
  package let layout: FlatLayout
  /// Names of the parameters and statistics that belong to the head; all others are the body's.
  package let headNames: Set<String>
  private let initializers: [String: Initializer]

  package init(_ make: (ParameterScope) -> any Network) {
    (network, layout, initializers, headNames) = ParameterScope.build(make)
  }

  /// Weights as training from scratch starts with them: a function of the seed.
  package func initialWeights(
    seed: UInt64, pool: ThreadPool = ThreadPool(threads: 1)
  ) -> FlatStore {
    let weights = FlatStore.weights(layout)
    for number in layout.entries.indices { draw(number, into: weights, seed: seed, pool) }
    return weights
  }

  /// Puts the numbers that one of the parameters or statistics starts with in its place.
  package func draw(_ name: String, into weights: FlatStore, seed: UInt64) {
    guard let number = layout.entries.firstIndex(where: { $0.name == name }) else { return }
    draw(number, into: weights, seed: seed, ThreadPool(threads: 1))
  }

  private func draw(_ number: Int, into weights: FlatStore, seed: UInt64, _ pool: ThreadPool) {
    let entry = layout.entries[number]
    initializers[entry.name]?.fill(
      weights.tensor(entry), seed: seed, number: number, pool: pool)
  }
}
