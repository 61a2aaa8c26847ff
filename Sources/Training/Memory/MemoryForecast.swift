package import Differentiation

/// What a rank's memory is going to be taken by, known before the first step. Bytes.
package struct MemoryForecast: Equatable, Sendable {
  /// Code and libraries, the lists of photos: what there is already that isn't a tensor.
  package var program: Int
  /// Weights, the optimizer's moments, gradients, the weights' average, a teacher's weights.
  package var state: Int
  /// What passes keep and work with.
  package var activations: Int
  /// Photos that are loaded ahead.
  package var loader: Int

  package init(program: Int, state: Int, activations: Int, loader: Int) {
    self.program = program
    self.state = state
    self.activations = activations
    self.loader = loader
  }

  package var total: Int { program + state + activations + loader }

  /// The parts with their names, for people.
  package var parts: [(name: String, bytes: Int)] {
    [
      ("weights, gradients and optimizer", state), ("activations", activations),
      ("photos loaded ahead", loader), ("the program", program),
    ]
  }
}

/// What is known of a training's memory before its first step, and what was decided.
package struct MemoryPlan: Equatable, Sendable {
  /// Of the rank that will take most.
  package let forecast: MemoryForecast
  /// What this rank may take, and why no more; nil where the system doesn't tell.
  package let limit: String?
  /// Which blocks of the net this rank runs again in backward.
  package let recomputation: Recomputation
  /// How many they are on the rank with the most of them.
  package let mostRecomputed: Int
  /// All that the net has.
  package let blocks: Int

  package init(
    forecast: MemoryForecast, limit: String?, recomputation: Recomputation = .none,
    mostRecomputed: Int, blocks: Int
  ) {
    self.forecast = forecast
    self.limit = limit
    self.recomputation = recomputation
    self.mostRecomputed = mostRecomputed
    self.blocks = blocks
  }
}
