import Optimizers
import Tensors
import Support
import Testing

@Suite struct AdamWTests {
  /// The parameters of `optimizers.py`.
  let layout = FlatLayout([
    FlatEntry(name: "filters", shape: [3, 2, 3, 4], kind: .weight),
    FlatEntry(name: "matrix", shape: [7, 5], kind: .weight),
    FlatEntry(name: "vector", shape: [5], kind: .vector),
  ])
  let names = ["filters", "matrix", "vector"]

  @Test(arguments: [10, 30])
  func `fifty steps on recorded gradients end where PyTorch's do`(percent: Int) throws {
    let golden = try Golden("optimizers")
    let rule = AdamW(weightDecay: 1e-2)
    let schedule = OneCycle(warmupFraction: Double(percent) / 100)
    let clipping = GradientClipping(maximumNorm: 1)
    let norms = try golden.doubles("norms")
    let gradients = try names.map { try golden.floats("gradients.\($0)") }
    let weights = FlatStore.weights(layout)
    let gradient = FlatStore.gradient(layout)
    for name in names { fill(weights, name, try golden.floats("initial.\(name)")) }
    let range = layout.parameters
    let moments = ShardedMoments(names: rule.momentNames, range: range)

    for step in 0..<50 {
      for (name, values) in zip(names, gradients) {
        let count = values.count / 50
        fill(gradient, name, Array(values[(step * count)..<((step + 1) * count)]))
      }
      let norm = range.reduce(0.0) { $0 + Double(gradient.pointer[$1] * gradient.pointer[$1]) }
        .squareRoot()
      #expect(abs(norm - norms[step]) <= 1e-6 * norms[step])
      rule.apply(
        range, of: layout, weights: weights.pointer, gradient: gradient.pointer, moments: moments,
        step: step + 1, learningRate: 5e-3 * schedule.factor(step: step, of: 50),
        gradientScale: clipping.scale(norm: norm, weight: 1))
      guard [1, 2, 10, 50].contains(step + 1) else { continue }
      for name in names {
        let expected = try golden.floats("pct\(percent).weights_\(step + 1).\(name)")
        let bound = 1e-6 * (expected.map(abs).max() ?? 0)
        let close = zip(values(weights, name), expected).allSatisfy { abs($0 - $1) <= bound }
        #expect(close, "\(name) after step \(step + 1)")
      }
    }
  }

  func fill(_ store: FlatStore, _ name: String, _ values: [Float]) {
    guard let entry = store.layout.entry(named: name) else { return }
    for (element, value) in zip(entry.range, values) { store.pointer[element] = value }
  }

  func values(_ store: FlatStore, _ name: String) -> [Float] {
    store.layout.entry(named: name).map { store.tensor($0).values } ?? []
  }
}
