import Optimizers
import Tensors
import Support
import Testing

@Suite struct RunningAverageTests {
  let channels = 19
  var layout: FlatLayout {
    FlatLayout([
      FlatEntry(name: "weight", shape: [channels], kind: .vector),
      FlatEntry(name: "running_mean", shape: [channels], kind: .statistic),
      FlatEntry(name: "running_var", shape: [channels], kind: .statistic),
    ])
  }

  /// Batch norm's layer brings the unbiased variance, as PyTorch averages that.
  @Test func `statistics of a batch move the running ones as PyTorch does`() throws {
    let golden = try Golden("operations")
    let layout = layout
    let store = FlatStore.weights(layout)
    let sums = FlatStore.gradient(layout)
    let samples: Float = 3
    let positions: Float = 3 * 5 * 7
    let mean = try golden.floats("batchnorm.mean")
    let variance = try golden.floats("batchnorm.variance").map { $0 * positions / (positions - 1) }
    for (name, batch) in [("running_mean", mean), ("running_var", variance)] {
      let entry = try #require(layout.entry(named: name))
      let before = try golden.floats("batchnorm.\(name)_before")
      for (i, element) in entry.range.enumerated() {
        store.pointer[element] = before[i]
        sums.pointer[element] = batch[i] * samples
      }
    }
    // In two pieces, cut in the middle of an entry; the first one starts among the parameters.
    let cut = layout.statistics.lowerBound + 7
    for range in [5..<cut, cut..<layout.weightCount] {
      RunningAverage().apply(
        range, of: layout, weights: store.pointer + range.lowerBound,
        sums: sums.pointer + range.lowerBound, samples: Double(samples))
    }
    for name in ["running_mean", "running_var"] {
      let entry = try #require(layout.entry(named: name))
      let expected = try golden.floats("batchnorm.\(name)")
      for (ours, theirs) in zip(store.tensor(entry).values, expected) {
        #expect(abs(ours - theirs) <= 1e-6 * max(abs(theirs), 1), "\(name)")
      }
    }
  }

  @Test func `parameters are left alone, and so is all without samples`() {
    let layout = layout
    let store = FlatStore.weights(layout)
    let sums = FlatStore.gradient(layout)
    store.pointer.update(repeating: 1, count: store.count)
    sums.pointer.update(repeating: 8, count: sums.count)
    for (samples, expected) in [(0.0, 1), (4, 0.75 * 1 + 0.25 * 2)] as [(Double, Float)] {
      RunningAverage(momentum: 0.25).apply(
        0..<layout.weightCount, of: layout, weights: store.pointer, sums: sums.pointer,
        samples: samples)
      for entry in layout.entries {
        let value = entry.kind == .statistic ? expected : 1
        #expect(store.tensor(entry).values.allSatisfy { $0 == value }, "\(entry.name)")
      }
    }
  }

  @Test func `a frozen statistic stays as it is`() {
    let layout = layout
    let store = FlatStore.weights(layout)
    let sums = FlatStore.gradient(layout)
    store.pointer.update(repeating: 7, count: store.count)
    sums.pointer.update(repeating: 1, count: sums.count)
    RunningAverage().apply(
      0..<layout.weightCount, of: layout, weights: store.pointer, sums: sums.pointer,
      frozen: ["running_var"], samples: 2)
    for entry in layout.entries {
      let moves = entry.name == "running_mean"
      #expect(store.tensor(entry).values.allSatisfy { ($0 != 7) == moves }, "\(entry.name)")
    }
  }
}
