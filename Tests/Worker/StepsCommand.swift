import DataParallel
import MPI
import Tensors

/// `steps THREADS SPECIAL M…`: takes a step with each number of leaves and prints, for each, what
/// rank 0 knows, and a digest of the weights. The optimiser is an AdamW with clipping.
///
/// SPECIAL is `none`, or a fault in the second step: `nan LEAF`, `inf-loss LEAF`, `no-weight`,
/// `stop RANK` or `checkpoint`; or `other-order`, which adds the same leaves in another order.
func takeSteps(_ arguments: [String]) throws {
  let threads = Int(arguments[0]) ?? 1
  let special = arguments[1].split(separator: " ").map(String.init)
  let leaves = arguments.dropFirst(2).compactMap(Int.init)
  let world = try MPI.initialize()
  let run = try FakeTraining(world.communicator, threads: threads, special: special)
  for (step, count) in leaves.enumerated() {
    world.status.step = step
    let summary = try run.step(step, leaves: count)
    let weights = digest(
      Array(UnsafeBufferPointer(start: run.weights.pointer, count: run.weights.count)))
    // Every rank must know the same: only then does rank 0 print it.
    let line = "\(summary) weights \(weights)"
    let all = try world.communicator.allGather(Array(line.utf8))
    try expect(all.allSatisfy { $0 == all[0] }, "the ranks disagree on step \(step)")
    if world.communicator.rank == 0 { print(line) }
  }
  let moments = try run.momentDigests()
  if world.communicator.rank == 0 { print("moments \(moments)") }
  try world.finalize()
}

/// The part of a training run that concerns the ranks.
private final class FakeTraining {
  let weights: FlatStore
  private let model = FakeModel()
  private let communicator: Communicator
  private let special: [String]
  private let sharded: ShardedStep
  private let sum: LeafSum
  private var first: [Float]
  private var second: [Float]

  init(_ communicator: Communicator, threads: Int, special: [String]) throws {
    self.communicator = communicator
    self.special = special
    let pool = ThreadPool(threads: threads)
    sharded = try ShardedStep(communicator, model.layout, threads: pool)
    sum = LeafSum(model.layout, threads: pool)
    weights = .weights(model.layout)
    for index in 0..<weights.count { weights.pointer[index] = Float(index % 17) * 0.25 }
    let own = sharded.slices.weights(of: communicator.rank).count
    first = Array(repeating: 0, count: own)
    second = Array(repeating: 0, count: own)
  }

  func step(_ step: Int, leaves: Int) throws -> StepSummary {
    let fault = step == 1 ? special : []
    let plan = sharded.plan(leaves: leaves)
    let interval = plan.intervals[communicator.rank]
    sum.begin(interval, of: plan.tree)
    for leaf in interval {
      let gradient = sum.nextBuffer()
      let taken = special == ["other-order"] ? (leaf + 1) % leaves : leaf
      model.backward(into: gradient, leaf: taken, step: step)
      if fault == ["nan", "\(leaf)"] { gradient.pointer[5000] = .nan }
      if fault == ["inf-loss", "\(leaf)"] { gradient[.loss] = .infinity }
      if fault == ["no-weight"] { gradient[.weight] = 0 }
      sum.push()
    }
    let votes = StepVotes(
      stop: fault == ["stop", "\(communicator.rank)"],
      // Only rank 0's clock counts.
      checkpoint: fault == ["checkpoint"] ? communicator.rank == 0 : communicator.rank == 1)
    return try sharded.run(sum, plan: plan, weights: weights, votes: votes) { owned, summary, _ in
      switch owned.region {
      case .parameters: update(owned, summary, step: step)
      case .statistics:
        for (index, element) in owned.range.enumerated() {
          weights.pointer[element] =
            0.9 * weights.pointer[element] + 0.1 * (owned.values[index] / Float(summary.samples))
        }
      }
    }
  }

  private func update(_ owned: OwnedSums, _ summary: StepSummary, step: Int) {
    let scale = Float(min(1, 1 / summary.gradientNorm) / summary.weight)
    for (index, element) in owned.range.enumerated() {
      let gradient = owned.values[index] * scale
      first[index] = 0.9 * first[index] + 0.1 * gradient
      second[index] = 0.999 * second[index] + 0.001 * gradient * gradient
      weights.pointer[element] -=
        0.01
        * (first[index] / (second[index].squareRoot() + 1e-8) + 1e-4 * weights.pointer[element])
    }
  }

  /// Digests of both moments, gathered entry by entry.
  func momentDigests() throws -> [String] {
    let state = ShardedState(communicator, sharded.slices)
    return try [first, second].map { (moment: [Float]) throws in
      var whole: [Float] = []
      for entry in model.layout.entries {
        whole += try state.gather(entry.range, from: moment)?.values ?? []
      }
      return digest(whole)
    }
  }
}
