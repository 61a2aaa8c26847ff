import Optimizers
import Support
import Tensors
import Testing

@Suite struct ParameterGroupsTests {
  /// PyTorch's parameter groups: a tenth of the learning rate for the filters; the matrix has no
  /// gradient in the first nine steps.
  @Test func `fifty steps end where PyTorch's do`() throws {
    let schedule = OneCycle(warmup: .share(0.1))
    try RecordedGradients().expectSteps(
      of: AdamW(weightDecay: 1e-2), toGive: Golden("optimizers"), "groups", norms: "groups.norms",
      learningRate: { 5e-3 * schedule.factor(step: $0, of: 50) },
      groups: { step in
        ParameterGroups(
          frozen: step < 9 ? ["matrix"] : [], learningRateScales: ["filters": 0.1],
          missedUpdates: ["matrix": min(step, 9)])
      })
  }

  @Test(arguments: OptimizerCase.all)
  func `what is frozen stands still, moments included, and the others don't mind`(
    row: OptimizerCase
  ) {
    let frozen: Set<String> = ["filters", "shift"]
    let trial = Trial(row.rule(0.5, true))
    let before = Dictionary(uniqueKeysWithValues: frozen.map { ($0, trial.bits($0)) })
    let free = Trial(row.rule(0.5, true))
    for step in 1...3 {
      trial.update(step: step, groups: ParameterGroups(frozen: frozen))
      free.update(step: step)
    }
    for entry in Trial.layout.entries {
      #expect(
        trial.bits(entry.name) == before[entry.name] ?? free.bits(entry.name), "\(entry.name)")
    }
  }

  @Test(arguments: OptimizerCase.all)
  func `a parameter that missed updates counts its own`(row: OptimizerCase) {
    let groups = ParameterGroups(missedUpdates: ["matrix": 3, "scale": 4])
    expect(row, at: 5, with: groups, ["matrix": (2, 0.01), "scale": (1, 0.01)])
  }

  @Test(arguments: OptimizerCase.all)
  func `a parameter may have a learning rate of its own`(row: OptimizerCase) {
    let groups = ParameterGroups(learningRateScales: ["filters": 0.5, "bias": 0])
    expect(row, at: 5, with: groups, ["filters": (5, 0.005), "bias": (5, 0)])
  }

  /// Wherever a rank's slice is cut.
  @Test(arguments: OptimizerCase.elementwise)
  func `in pieces the bits are the same`(row: OptimizerCase) {
    let groups = ParameterGroups(
      frozen: ["filters", "mean"], learningRateScales: ["shift": 0.3, "matrix": 0.3],
      missedUpdates: ["scale": 2])
    func trained(cuts: [Int]) -> Bits {
      let trial = Trial(row.rule(0.1, false), cuts: cuts)
      for step in 3...5 { trial.update(step: step, groups: groups, gradientScale: 0.5) }
      return trial.bits()
    }
    let whole = trained(cuts: [])
    for cuts in [[1, 16, 350, 400], Array(1..<Trial.layout.weightCount)] {
      #expect(trained(cuts: cuts) == whole, "cut at \(cuts.prefix(4))")
    }
  }

  /// One update with the groups is, for the parameters named, one at the given step and learning
  /// rate without groups; for the others it is the usual one.
  private func expect(
    _ row: OptimizerCase, at step: Int, with groups: ParameterGroups,
    _ own: [String: (step: Int, learningRate: Double)]
  ) {
    func updated(_ change: (Trial) -> Void) -> Trial {
      let trial = Trial(row.rule(0.1, false))
      change(trial)
      return trial
    }
    let grouped = updated { $0.update(step: step, groups: groups) }
    for entry in Trial.layout.entries {
      let (count, rate) = own[entry.name] ?? (step, 0.01)
      let alone = updated { $0.update(step: count, gradient: step, learningRate: rate) }
      #expect(grouped.bits(entry.name) == alone.bits(entry.name), "\(entry.name)")
    }
  }
}
