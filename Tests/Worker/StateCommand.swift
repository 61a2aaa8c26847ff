import DataParallel
import MPI
import Tensors

/// `state`: spreads optimiser state from rank 0 and gathers it again, entry by entry.
func moveState(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let communicator = world.communicator
  let layout = FakeModel().layout
  let slices = Slices(layout, ranks: communicator.size)
  let state = ShardedState(communicator, slices)
  let own = slices.weights(of: communicator.rank)
  var shard = [Float](repeating: -1, count: own.count)

  for entry in layout.entries {
    let values = entry.range.map { Float($0) }
    try state.scatter(
      entry.range, values: communicator.rank == 0 ? Tensor(values, shape: [values.count]) : nil,
      into: &shard)
    let gathered = try state.gather(entry.range, from: shard)
    try expect(
      communicator.rank == 0 ? gathered?.values == values : gathered == nil,
      "\(entry.name) came back changed")
  }
  for (index, element) in own.enumerated() {
    let isGap = !layout.entries.contains { $0.range.contains(element) }
    try expect(shard[index] == (isGap ? -1 : Float(element)), "element \(element) is elsewhere")
  }
  if communicator.rank == 0 { print("state came back from \(communicator.size) ranks") }
  try world.finalize()
}
