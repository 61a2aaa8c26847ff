import MPI

/// `communicator`: calls each operation once and compares with what it must give; then those that
/// send in pieces with pieces of two.
func checkCommunicator(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let all = world.communicator
  let (rank, size) = (all.rank, all.size)
  let ranks = 0..<size

  try checkCollectives(all)
  let large = Int64(1) << 60
  try expect(
    try all.sum([Int64(rank), large + 1]) == [
      Int64(size * (size - 1) / 2), Int64(size) &* (large + 1),
    ], "sum: must be exact beyond 2^53")

  do {
    _ = try all.broadcast([1.5], from: size)
    throw Unexpected(description: "broadcast: a root that doesn't exist")
  } catch let error as MPIError {
    let parts = ["MPI_Ibcast", "rank \(rank)", "host \(hostName())", "MPI_ERR_ROOT"]
    try expect(parts.allSatisfy { "\(error)".contains($0) }, "\(error)")
  }
  try checkAllToAll(all)
  let small = try all.duplicate()
  small.longestPiece = 2
  try checkCollectives(small)
  try checkRing(all)

  let copy = try all.duplicate()
  try expect(copy.rank == rank && copy.size == size, "duplicate")
  let half = try all.split(color: rank % 2, key: -rank)
  let sameColor = ranks.filter { $0 % 2 == rank % 2 }
  try expect(half.size == sameColor.count, "split: size")
  try expect(
    try half.allGather([Int64(rank)]) == sameColor.reversed().map { [Int64($0)] }, "split: order")
  try expect(try all.nodeLocal().size == size, "nodeLocal")
  try expect(
    world.topology.hosts == [ranks] && world.topology.rankOnHost == rank
      && world.topology.ranksOnHost == size, "topology")

  try all.barrier()
  if rank == 0 { print("all operations agree on \(size) ranks") }
  try world.finalize()
}

/// Broadcasts and gathers of a few numbers.
private func checkCollectives(_ all: Communicator) throws {
  let (rank, size) = (all.rank, all.size)
  let ranks = 0..<size
  try expect(
    try all.broadcast(rank == size - 1 ? [1.5, 2.5, 3.5] : [Double](), from: size - 1)
      == [1.5, 2.5, 3.5], "broadcast")
  // Rank r has r values, so rank 0 has none.
  let own = (0..<rank).map { Int64(10 * rank + $0) }
  let everyone = ranks.map { rank in (0..<rank).map { Int64(10 * rank + $0) } }
  try expect(try all.allGather(own) == everyone, "allGather")
  try expect(try all.gather(own, to: size - 1) == (rank == size - 1 ? everyone : nil), "gather")
  try expect(
    try all.sum(Array(repeating: 1, count: 5)) == Array(repeating: Int64(size), count: 5), "sum")
}

/// Rank s sends s+1 floats of value 100·s + r to rank r.
private func checkAllToAll(_ all: Communicator) throws {
  let ranks = 0..<all.size
  let length = all.rank + 1
  let sent = ranks.flatMap { Array(repeating: Float(100 * all.rank + $0), count: length) }
  let expected = ranks.flatMap { Array(repeating: Float(100 * $0 + all.rank), count: $0 + 1) }
  let starts = ranks.map { $0 * ($0 + 1) / 2 }
  var received = [Float](repeating: -1, count: expected.count)
  try sent.withUnsafeBufferPointer { source in
    try received.withUnsafeMutableBufferPointer { target in
      guard let source = source.baseAddress, let target = target.baseAddress else { return }
      try all.startAllToAll(
        source, outgoing: ranks.map { ($0 * length)..<(($0 + 1) * length) }, target,
        incoming: ranks.map { starts[$0]..<(starts[$0] + $0 + 1) }
      ).wait()
    }
  }
  try expect(received == expected, "startAllToAll: \(received) instead of \(expected)")
}

/// Each rank sends to the next one; the receiver posts first.
private func checkRing(_ all: Communicator) throws {
  let count = 3_000_000
  let before = (all.rank + all.size - 1) % all.size
  let sent = [Float](repeating: Float(all.rank), count: count)
  var received = [Float](repeating: -1, count: count)
  try sent.withUnsafeBufferPointer { source in
    try received.withUnsafeMutableBufferPointer { target in
      guard let source = source.baseAddress, let target = target.baseAddress else { return }
      let receiving = try all.startReceive(target, count: count, from: before)
      try all.startSend(source, count: count, to: (all.rank + 1) % all.size).wait()
      try receiving.wait()
    }
  }
  try expect(received.allSatisfy { $0 == Float(before) }, "startSend, startReceive")
}
