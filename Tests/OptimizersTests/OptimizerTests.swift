import Optimizers
import Tensors
import Testing

/// What holds for every optimizer.
@Suite struct OptimizerTests {
  private static let cuts = [
    [1], [16, 17, 33], [341, 342, 343, 360, 400, 415], Array(1..<Trial.layout.weightCount),
  ]

  @Test(arguments: OptimizerCase.elementwise)
  func `updated in pieces or at once, the bits are the same`(row: OptimizerCase) {
    func trained(cuts: [Int]) -> Bits {
      let trial = Trial(row.rule(0.1, false), cuts: cuts)
      for step in 1...3 { trial.update(step: step, gradientScale: 0.3) }
      return trial.bits()
    }
    let whole = trained(cuts: [])
    for cuts in Self.cuts { #expect(trained(cuts: cuts) == whole, "cut at \(cuts.prefix(5))") }
  }

  @Test(arguments: OptimizerCase.all)
  func `parameters move, gaps and statistics don't`(row: OptimizerCase) {
    let trial = Trial(row.rule(0.1, true), fresh: true)
    let (weights, gradient) = (trial.weights, trial.gradient)
    weights.pointer.update(repeating: 7, count: weights.count)
    gradient.pointer.update(repeating: 1, count: gradient.count)
    trial.rule.apply(
      Trial.all, of: Trial.layout, weights: weights.pointer, gradient: gradient.pointer,
      moments: trial.moments[0], step: 1, learningRate: 0.1, gradientScale: 1)
    for element in Trial.all {
      let isParameter = Trial.layout.entries.contains {
        $0.kind != .statistic && $0.range.contains(element)
      }
      #expect((weights.pointer[element] != 7) == isParameter, "element \(element)")
      for (name, moment) in zip(trial.rule.momentNames, trial.moments[0].values) {
        #expect((moment.pointer[element] != 0) == isParameter, "\(name) of element \(element)")
      }
    }
  }

  /// A name is a key of checkpoints; that each moment is used, the test above says.
  @Test(arguments: OptimizerCase.all)
  func `moments have names of their own`(row: OptimizerCase) {
    let names = row.rule(0.1, false).momentNames
    #expect(Set(names).count == names.count && !names.contains(""))
  }

  /// A power of two, so that the product is exact wherever it is made.
  @Test(arguments: OptimizerCase.all)
  func `the scale multiplies the gradient`(row: OptimizerCase) {
    let scaled = Trial(row.rule(0.1, false))
    let multiplied = Trial(row.rule(0.1, false))
    let unscaled = Trial(row.rule(0.1, false))
    for step in 1...3 {
      scaled.update(step: step, gradientScale: 0.25)
      multiplied.update(step: step, times: 0.25)
      unscaled.update(step: step)
    }
    #expect(scaled.bits() == multiplied.bits())
    #expect(scaled.bits() != unscaled.bits())
  }

  @Test(arguments: OptimizerCase.all, [false, true])
  func `without a gradient weights shrink, vectors only if told to`(
    row: OptimizerCase, decaysVectors: Bool
  ) {
    let trial = Trial(row.rule(0.25, decaysVectors), fresh: true)
    let before = trial.weights.copy()
    trial.update(step: 1, learningRate: 0.5, times: 0)
    for entry in Trial.layout.entries {
      let decays = entry.kind == .weight || entry.kind == .vector && decaysVectors
      for (old, new) in zip(before.tensor(entry).values, trial.weights.tensor(entry).values) {
        #expect(decays ? new / old > 0 && new / old < 1 : new == old, "\(entry.name)")
      }
    }
  }

  /// Moments may become minus zero.
  @Test(arguments: OptimizerCase.all)
  func `without gradient and decay no weight moves`(row: OptimizerCase) {
    let trial = Trial(row.rule(0, true), fresh: true)
    let before = trial.bits().weights
    for step in 1...3 { trial.update(step: step, learningRate: 0.5, times: 0) }
    let moved = zip(before, trial.bits().weights).filter { $0 != $1 }.count
    #expect(moved == 0)
  }
}
