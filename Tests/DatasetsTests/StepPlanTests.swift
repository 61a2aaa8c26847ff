import Datasets
import Testing

@Suite struct StepPlanTests {
  @Test(arguments: [
    // samples, global batch, micro-batch, lengths of the steps
    (64, 16, 4, [16, 16, 16, 16]),
    (65, 16, 1, [16, 16, 16, 17]),  // One sample is too few for BatchNorm.
    (66, 16, 4, [16, 16, 16, 16, 2]),  // m/2 is enough.
    (65, 16, 4, [16, 16, 16, 17]),
    (66, 16, 5, [16, 16, 16, 18]),  // 2 < 5/2
    (67, 16, 5, [16, 16, 16, 16, 3]),
    (67, 16, 8, [16, 16, 16, 19]),
    (68, 16, 8, [16, 16, 16, 16, 4]),
    (5, 16, 8, [5]),
    (1, 16, 8, [1]),  // There is no step before.
    (17, 16, 8, [17]),
    (0, 16, 8, []),
    (20, 16, 64, [20]),
  ])
  func `the rest of an epoch`(samples: Int, global: Int, micro: Int, expected: [Int]) {
    let plan = StepPlan(samples: samples, globalBatch: global, microBatch: micro)
    #expect(plan.steps.map(\.count) == expected)
    #expect(plan.stepsPerEpoch == expected.count)
  }

  @Test func `steps and micro-batches tile the epoch`() {
    for samples in 0..<70 {
      for global in [1, 2, 3, 8, 16, 64] {
        for micro in [1, 2, 3, 4, 7, 8, 16] {
          let plan = StepPlan(samples: samples, globalBatch: global, microBatch: micro)
          #expect(plan.steps.flatMap { Array($0) } == Array(0..<samples))
          for step in plan.steps {
            let atoms = plan.microBatches(of: step)
            #expect(atoms.flatMap { Array($0) } == Array(step))
            #expect(atoms.count == (step.count + micro - 1) / micro)
            #expect(atoms.count <= plan.mostMicroBatches)
            let lengths = atoms.map(\.count)
            #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
            #expect((lengths.max() ?? 0) <= micro)
            if plan.steps.count > 1 { #expect(step.count >= min(global, max(2, (micro + 1) / 2))) }
          }
        }
      }
    }
  }

  @Test func `frozen: borders decide the last bits of results`() {
    #expect(microBatches(of: 10..<21, size: 4) == [10..<13, 13..<17, 17..<21])
    #expect(microBatches(of: 0..<0, size: 4) == [])
    #expect(microBatches(of: 0..<9, size: 8) == [0..<4, 4..<9])
  }

  @Test func `where a sample must not be alone, it joins others, and all else stays as it is`() {
    func lengths(_ samples: Int, _ global: Int, _ micro: Int, least: Int) -> [[Int]] {
      let plan = StepPlan(
        samples: samples, globalBatch: global, microBatch: micro, leastMicroBatch: least)
      return plan.steps.map { plan.microBatches(of: $0).map(\.count) }
    }
    #expect(lengths(3, 3, 2, least: 1) == [[1, 2]])
    #expect(lengths(3, 3, 2, least: 2) == [[3]])
    #expect(lengths(21, 8, 2, least: 2) == [[2, 2, 2, 2], [2, 2, 2, 2], [2, 3]])
    #expect(lengths(1, 8, 4, least: 2) == [[1]])
    for samples in 2..<70 {
      for global in [2, 3, 5, 8, 16, 64] {
        for micro in [2, 3, 4, 7, 16] where micro <= global {
          let plan = StepPlan(
            samples: samples, globalBatch: global, microBatch: micro, leastMicroBatch: 2)
          #expect(!plan.hasSingleSamples)
          let cut = lengths(samples, global, micro, least: 2)
          #expect(cut.joined().min() ?? 0 >= 2)
          let before = lengths(samples, global, micro, least: 1)
          for (cut, before) in zip(cut, before) where !before.contains(1) { #expect(cut == before) }
          #expect(cut.map(\.count).max() == plan.mostMicroBatches)
        }
      }
    }
  }

  @Test func `epochs have orders of their own`() {
    let samples = Array(stride(from: 3, to: 300, by: 3))
    let first = epochOrder(of: samples, seed: 42, epoch: 0)
    #expect(first == epochOrder(of: samples, seed: 42, epoch: 0))
    #expect(first != epochOrder(of: samples, seed: 42, epoch: 1))
    #expect(first != epochOrder(of: samples, seed: 43, epoch: 0))
    #expect(first != samples)
    #expect(first.sorted() == samples)
  }
}
