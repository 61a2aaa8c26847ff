import Optimizers
import Support
import Tensors
import Testing

@Suite struct ParameterGroupsTests {
  let layout = FlatLayout([
    FlatEntry(name: "filters", shape: [3, 2, 3, 4], kind: .weight),
    FlatEntry(name: "matrix", shape: [7, 5], kind: .weight),
    FlatEntry(name: "vector", shape: [5], kind: .vector),
    FlatEntry(name: "mean", shape: [5], kind: .statistic),
  ])
  let names = ["filters", "matrix", "vector"]

  /// PyTorch's parameter groups: a tenth of the learning rate for the filters; the matrix has no
  /// gradient in the first nine steps.
  @Test func fiftyStepsEndWherePyTorchsDo() throws {
    let golden = try Golden("optimizers")
    let rule = AdamW(weightDecay: 1e-2)
    let schedule = OneCycle(warmupFraction: 0.1)
    let clipping = GradientClipping(maximumNorm: 1)
    let norms = try golden.doubles("groups.norms")
    let gradients = try names.map { try golden.floats("gradients.\($0)") }
    let weights = FlatStore.weights(layout)
    let gradient = FlatStore.gradient(layout)
    func fill(_ store: FlatStore, _ name: String, _ values: some Sequence<Float>) throws {
      let entry = try #require(layout.entry(named: name))
      for (element, value) in zip(entry.range, values) { store.pointer[element] = value }
    }
    for name in names { try fill(weights, name, try golden.floats("initial.\(name)")) }
    let range = layout.parameters
    let moments = ShardedMoments(names: rule.momentNames, range: range)

    for step in 0..<50 {
      let groups = ParameterGroups(
        frozen: step < 9 ? ["matrix"] : [], learningRateScales: ["filters": 0.1],
        missedUpdates: ["matrix": min(step, 9)])
      for (name, values) in zip(names, gradients) where !groups.frozen.contains(name) {
        let count = values.count / 50
        try fill(gradient, name, values[(step * count)..<((step + 1) * count)])
      }
      let norm = range.reduce(0.0) { $0 + Double(gradient.pointer[$1] * gradient.pointer[$1]) }
        .squareRoot()
      #expect(abs(norm - norms[step]) <= 1e-6 * norms[step])
      rule.apply(
        range, of: layout, groups: groups, weights: weights.pointer, gradient: gradient.pointer,
        moments: moments, step: step + 1,
        learningRate: 5e-3 * schedule.factor(step: step, of: 50),
        gradientScale: clipping.scale(norm: norm, weight: 1))
      guard [1, 2, 10, 50].contains(step + 1) else { continue }
      for entry in layout.entries where entry.kind != .statistic {
        let expected = try golden.tensor("groups.weights_\(step + 1).\(entry.name)")
        #expect(
          largestDifference(weights.tensor(entry), expected) <= 1e-6,
          "\(entry.name) after step \(step + 1)")
      }
    }
  }

  /// Frozen weights don't decay, and their moments stand still, whatever the gradient holds.
  @Test func whatIsFrozenStandsStill() {
    let weights = FlatStore.weights(layout)
    let gradient = FlatStore.gradient(layout)
    weights.pointer.update(repeating: 7, count: weights.count)
    gradient.pointer.update(repeating: 1, count: gradient.count)
    let rule = AdamW(weightDecay: 0.5)
    let range = 0..<layout.weightCount
    let moments = ShardedMoments(names: rule.momentNames, range: range)
    rule.apply(
      range, of: layout, groups: ParameterGroups(frozen: ["matrix", "mean"]),
      weights: weights.pointer, gradient: gradient.pointer, moments: moments, step: 1,
      learningRate: 0.1, gradientScale: 1)
    RunningAverage().apply(
      range, of: layout, weights: weights.pointer, sums: gradient.pointer, frozen: ["mean"],
      samples: 2)
    for entry in layout.entries {
      let isFrozen = ["matrix", "mean"].contains(entry.name)
      #expect(weights.tensor(entry).values.allSatisfy { ($0 == 7) == isFrozen }, "\(entry.name)")
      for moment in moments.values {
        #expect(
          entry.range.allSatisfy { (moment.pointer[$0] == 0) == isFrozen }, "\(entry.name)")
      }
    }
  }

  /// Wherever a rank's slice is cut.
  @Test func updatedInPiecesTheBitsAreTheSame() {
    func trained(cuts: [Int]) -> [UInt32] {
      let weights = FlatStore.weights(layout)
      let gradient = FlatStore.gradient(layout)
      let values = randomTensor([layout.weightCount], seed: 1).values
      for i in values.indices {
        (weights.pointer[i], gradient.pointer[i]) = (values[i], -values[i])
      }
      let rule = AdamW()
      let groups = ParameterGroups(
        frozen: ["filters"], learningRateScales: ["vector": 0.3], missedUpdates: ["vector": 2])
      let borders = [0] + cuts + [layout.weightCount]
      for (start, end) in zip(borders, borders.dropFirst()) {
        rule.apply(
          start..<end, of: layout, groups: groups, weights: weights.pointer + start,
          gradient: gradient.pointer + start,
          moments: ShardedMoments(names: rule.momentNames, range: start..<end), step: 3,
          learningRate: 0.1, gradientScale: 0.5)
      }
      return (0..<layout.weightCount).map { weights.pointer[$0].bitPattern }
    }
    let whole = trained(cuts: [])
    #expect(trained(cuts: [1, 16, 90, 100]) == whole)
    #expect(trained(cuts: Array(1..<layout.weightCount)) == whole)
  }
}
