import DataParallel
import Glibc
import MPI
import Tensors

/// `speed MILLIONS LEAVES`: time of a step's parts for a gradient of so many million floats, without
/// the arithmetic of a model. To be built for release; not run by tests.
func measureSpeed(_ arguments: [String]) throws {
  let millions = Int(arguments[0]) ?? 1
  let leaves = Int(arguments[1]) ?? 1
  let world = try MPI.initialize()
  let communicator = world.communicator
  let layout = FlatLayout(
    (0..<millions).map { FlatEntry(name: "\($0)", shape: [1000, 1000], kind: .weight) })
  let pool = ThreadPool(threads: 1)
  let sharded = try ShardedStep(communicator, layout, threads: pool)
  let sum = LeafSum(layout, threads: pool)
  let weights = FlatStore.weights(layout)
  let plan = sharded.plan(leaves: leaves)
  for round in 0..<4 {
    sum.begin(plan.intervals[communicator.rank], of: plan.tree)
    try communicator.barrier()
    let start = now()
    for leaf in plan.intervals[communicator.rank] {
      let gradient = sum.nextBuffer()
      // A first touch maps the pages; later rounds measure the additions alone.
      if round == 0 { gradient.pointer.update(repeating: Float(leaf + 1), count: gradient.count) }
      gradient[.weight] = 1
      sum.push()
    }
    let summed = now()
    try communicator.barrier()
    let waited = now()
    var updated = 0.0
    _ = try sharded.run(sum, plan: plan, weights: weights, votes: StepVotes()) { _, _ in
      updated = now()
    }
    let end = now()
    if communicator.rank == 0 {
      print(
        "leaves \(milliseconds(summed - start)) ms, exchange, addition and norm "
          + "\(milliseconds(updated - waited)) ms, weights \(milliseconds(end - updated)) ms, "
          + "\(sharded.bytes(leaves: leaves, rank: 0) >> 20) MiB")
    }
  }
  try world.finalize()
}

private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

private func milliseconds(_ seconds: Double) -> Int { Int(seconds * 1000) }
