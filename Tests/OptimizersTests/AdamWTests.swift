import Optimizers
import Tensors
import Support
import Testing

@Suite struct AdamWTests {
  /// The parameters of `optimizers.py`, with a statistic behind them.
  let layout = FlatLayout([
    FlatEntry(name: "filters", shape: [3, 2, 3, 4], kind: .weight),
    FlatEntry(name: "matrix", shape: [7, 5], kind: .weight),
    FlatEntry(name: "vector", shape: [5], kind: .vector),
    FlatEntry(name: "mean", shape: [5], kind: .statistic),
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

  @Test func `updated in pieces or at once, the bits are the same`() {
    let layout = FlatLayout([
      FlatEntry(name: "a", shape: [3, 3, 5, 19], kind: .weight),
      FlatEntry(name: "b", shape: [19], kind: .vector),
      FlatEntry(name: "c", shape: [19], kind: .vector),
      FlatEntry(name: "d", shape: [61, 37], kind: .weight),
      FlatEntry(name: "e", shape: [7], kind: .statistic),
    ])
    let whole = trained(layout, pieces: [0..<layout.weightCount])
    for cuts in [[1], [16, 17, 33], [854, 855, 856, 880, 1000], Array(1..<layout.weightCount)] {
      let borders = [0] + cuts + [layout.weightCount]
      let pieces = zip(borders, borders.dropFirst()).map { $0..<$1 }
      #expect(trained(layout, pieces: pieces) == whole, "cut at \(cuts.prefix(5))")
    }
  }

  @Test func `gaps and statistics are left alone`() {
    let store = FlatStore.weights(layout)
    store.pointer.update(repeating: 7, count: store.count)
    step(AdamW(), layout, store)
    for element in 0..<store.count {
      let inParameter = layout.entries.contains {
        $0.kind != .statistic && $0.range.contains(element)
      }
      #expect((store.pointer[element] != 7) == inParameter, "element \(element)")
    }
  }

  @Test(arguments: [(false, ["filters", "matrix"]), (true, ["filters", "matrix", "vector"])])
  func `weights decay, vectors only if told to`(decaysVectors: Bool, expected: [String]) {
    let store = FlatStore.weights(layout)
    store.pointer.update(repeating: 1, count: store.count)
    // Without a gradient nothing moves but what decays: by 1 − 0.5·0.25.
    step(
      AdamW(weightDecay: 0.25, decaysVectors: decaysVectors), layout, store, gradient: 0,
      learningRate: 0.5)
    for entry in layout.entries {
      let value: Float = expected.contains(entry.name) ? 0.875 : 1
      #expect(values(store, entry.name).allSatisfy { $0 == value }, "\(entry.name)")
    }
  }

  // MARK: Set-up

  /// One step on the whole store, with the same gradient everywhere.
  func step(
    _ rule: AdamW, _ layout: FlatLayout, _ store: FlatStore, gradient value: Float = 1,
    learningRate: Double = 0.1
  ) {
    let gradient = FlatStore.gradient(layout)
    gradient.pointer.update(repeating: value, count: gradient.count)
    let range = 0..<layout.weightCount
    rule.apply(
      range, of: layout, weights: store.pointer, gradient: gradient.pointer,
      moments: ShardedMoments(names: rule.momentNames, range: range), step: 1,
      learningRate: learningRate, gradientScale: 1)
  }

  /// The bits of the weights after three steps on random numbers, each piece with its own moments.
  func trained(_ layout: FlatLayout, pieces: [Range<Int>]) -> [UInt32] {
    let random = Philox(seed: 5, stream: .initialization)
    let rule = AdamW()
    let weights = FlatStore.weights(layout)
    let gradient = FlatStore.gradient(layout)
    for element in 0..<layout.weightCount {
      weights.pointer[element] = random.uniform(position: 0, index: element) - 0.5
    }
    let moments = pieces.map { ShardedMoments(names: rule.momentNames, range: $0) }
    for step in 1...3 {
      for element in 0..<layout.weightCount {
        gradient.pointer[element] = random.uniform(position: step, index: element) - 0.5
      }
      for (piece, moments) in zip(pieces, moments) {
        rule.apply(
          piece, of: layout, weights: weights.pointer + piece.lowerBound,
          gradient: gradient.pointer + piece.lowerBound, moments: moments, step: step,
          learningRate: 1e-2, gradientScale: 0.3)
      }
    }
    return (0..<layout.weightCount).map { weights.pointer[$0].bitPattern }
  }

  func fill(_ store: FlatStore, _ name: String, _ values: [Float]) {
    guard let entry = store.layout.entry(named: name) else { return }
    for (element, value) in zip(entry.range, values) { store.pointer[element] = value }
  }

  func values(_ store: FlatStore, _ name: String) -> [Float] {
    store.layout.entry(named: name).map { store.tensor($0).values } ?? []
  }
}
