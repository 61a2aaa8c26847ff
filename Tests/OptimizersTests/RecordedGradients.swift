import Optimizers
import Support
import Tensors
import Testing

/// Fifty gradients of three parameters that `optimizers.py` has recorded, which PyTorch's optimizers
/// and ours take their steps by.
struct RecordedGradients {
  private static let layout = FlatLayout([
    FlatEntry(name: "filters", shape: [3, 2, 3, 4], kind: .weight),
    FlatEntry(name: "matrix", shape: [7, 5], kind: .weight),
    FlatEntry(name: "vector", shape: [5], kind: .vector),
  ])
  private static let steps = 50

  private let golden: Golden

  init() throws { golden = try Golden("optimizers") }

  /// Takes all steps, as sums over samples of a weight of 64, and compares the weights after some of them.
  ///
  /// - Parameters:
  ///   - expected: PyTorch's weights, `PREFIX.weights_STEP.NAME`.
  ///   - norms: the name of the gradients' norms, of what isn't frozen.
  ///   - clipping: of their mean; to a norm of one unless said otherwise.
  ///   - learningRate: of a step, from 0.
  ///   - momentum: the rule's in a step, from 0; nil for its own.
  ///   - groups: what is done otherwise in a step, from 0.
  func expectSteps(
    of rule: any Optimizer, toGive expected: Golden, _ prefix: String, norms: String = "norms",
    clipping: GradientClipping = GradientClipping(maximumNorm: 1),
    learningRate: (Int) -> Double, momentum: (Int) -> Double? = { _ in nil },
    groups: (Int) -> ParameterGroups = { _ in ParameterGroups() }
  ) throws {
    let layout = Self.layout
    let norms = try golden.doubles(norms)
    let gradients = try layout.entries.map { try golden.floats("gradients.\($0.name)") }
    let (weights, gradient) = (FlatStore.weights(layout), FlatStore.gradient(layout))
    for entry in layout.entries {
      fill(weights, entry, try golden.floats("initial.\(entry.name)")[...])
    }
    let moments = ShardedMoments(names: rule.momentNames, range: layout.parameters)
    for step in 0..<Self.steps {
      let groups = groups(step)
      for (entry, values) in zip(layout.entries, gradients)
      where !groups.frozen.contains(entry.name) {
        let count = entry.shape.count
        let sums = values[(step * count)..<((step + 1) * count)].map { $0 * 64 }
        fill(gradient, entry, sums[...])
      }
      let norm =
        layout.parameters.reduce(0.0) {
          $0 + Double(gradient.pointer[$1] * gradient.pointer[$1])
        }.squareRoot() / 64
      #expect(abs(norm - norms[step]) <= 1e-6 * norms[step])
      clipping.clamp(gradient.pointer, count: layout.parameters.count, weight: 64)
      rule.withMomentum(momentum(step)).apply(
        layout.parameters, of: layout, groups: groups, weights: weights.pointer,
        gradient: gradient.pointer, moments: moments, step: step + 1,
        learningRate: learningRate(step),
        gradientScale: clipping.scale(norm: norm, weight: 64))
      guard [1, 2, 10, Self.steps].contains(step + 1) else { continue }
      for entry in layout.entries {
        let values = try expected.floats("\(prefix).weights_\(step + 1).\(entry.name)")
        let bound = 1e-6 * (values.map(abs).max() ?? 0)
        let close = zip(weights.tensor(entry).values, values).allSatisfy {
          abs($0 - $1) <= bound
        }
        #expect(close, "\(entry.name) after step \(step + 1)")
      }
    }
  }

  private func fill(_ store: FlatStore, _ entry: FlatEntry, _ values: ArraySlice<Float>) {
    for (element, value) in zip(entry.range, values) { store.pointer[element] = value }
  }
}
