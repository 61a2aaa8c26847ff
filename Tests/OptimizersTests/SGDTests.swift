import Optimizers
import Support
import Tensors
import Testing

@Suite struct SGDTests {
  /// The parameters of `optimizers.py`.
  private let layout = FlatLayout([
    FlatEntry(name: "filters", shape: [3, 2, 3, 4], kind: .weight),
    FlatEntry(name: "matrix", shape: [7, 5], kind: .weight),
    FlatEntry(name: "vector", shape: [5], kind: .vector),
  ])

  @Test(arguments: [("nesterov", true), ("heavy_ball", false)])
  func `fifty steps on recorded gradients end where PyTorch's do`(
    case name: String, isNesterov: Bool
  ) throws {
    let (recorded, golden) = (try Golden("optimizers"), try Golden("sgd"))
    let rule = SGD(momentum: 0.9, isNesterov: isNesterov, weightDecay: 1e-2)
    let clipping = GradientClipping(maximumNorm: 1)
    let norms = try recorded.doubles("norms")
    let gradients = try layout.entries.map { try recorded.floats("gradients.\($0.name)") }
    let (weights, gradient) = (FlatStore.weights(layout), FlatStore.gradient(layout))
    for entry in layout.entries {
      weights.tensor(entry).pointer.update(
        from: try recorded.floats("initial.\(entry.name)"), count: entry.shape.count)
    }
    let moments = ShardedMoments(names: rule.momentNames, range: layout.parameters)
    for step in 0..<50 {
      for (entry, values) in zip(layout.entries, gradients) {
        let count = entry.shape.count
        gradient.tensor(entry).pointer.update(
          from: Array(values[(step * count)..<((step + 1) * count)]), count: count)
      }
      rule.apply(
        layout.parameters, of: layout, weights: weights.pointer, gradient: gradient.pointer,
        moments: moments, step: step + 1, learningRate: 0.05,
        gradientScale: clipping.scale(norm: norms[step], weight: 1))
      guard [1, 2, 10, 50].contains(step + 1) else { continue }
      for entry in layout.entries {
        let expected = try golden.floats("\(name).weights_\(step + 1).\(entry.name)")
        let bound = 1e-6 * (expected.map(abs).max() ?? 0)
        let close = zip(weights.tensor(entry).values, expected).allSatisfy {
          abs($0 - $1) <= bound
        }
        #expect(close, "\(entry.name) after step \(step + 1)")
      }
    }
  }
}
