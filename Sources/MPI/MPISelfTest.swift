/// Calls to MPI whose answers are known, and the time that large messages take.
package struct MPISelfTest {
  /// A sentence for each call that gave a wrong answer on this rank.
  package private(set) var problems: [String] = []
  /// Bytes a second between the first and the last rank of each host; 0 for a single rank.
  package private(set) var insideHost: [Double] = []
  /// Bytes a second between the first rank of the first host and that of each host; 0 for the
  /// first.
  package private(set) var betweenHosts: [Double] = []
  private let communicator: Communicator

  private init(over communicator: Communicator) { self.communicator = communicator }

  /// Makes the calls, and measures. Collective.
  package static func run(
    over communicator: Communicator, _ topology: Topology
  ) throws -> MPISelfTest {
    var test = MPISelfTest(over: communicator)
    try test.testBroadcast()
    try test.testSum()
    try test.testAllToAll()
    for host in topology.hosts {
      test.insideHost.append(
        try test.bandwidth(between: host.lowerBound, and: host.upperBound - 1))
      test.betweenHosts.append(try test.bandwidth(between: 0, and: host.lowerBound))
    }
    return test
  }

  private mutating func expect(_ isRight: Bool, of call: String) {
    if !isRight {
      problems.append(
        "\(call) gave a wrong answer on rank \(communicator.rank), host \(hostName()); this MPI or "
          + "its network can't be trusted")
    }
  }

  private mutating func testBroadcast() throws {
    let root = communicator.size - 1
    let values = (0..<100_000).map { Int64($0 * $0 + 7) }
    let sent = communicator.rank == root ? values : []
    expect(try communicator.broadcast(sent, from: root) == values, of: "a broadcast")
  }

  private mutating func testSum() throws {
    let (rank, size) = (communicator.rank, communicator.size)
    let sums = try communicator.sum((0..<1000).map { Int64($0 + rank) })
    let all = (0..<1000).map { Int64($0 * size + size * (size - 1) / 2) }
    expect(sums == all, of: "an allreduce")
  }

  /// Each rank sends each other one a list of its own length.
  private mutating func testAllToAll() throws {
    let (rank, size) = (communicator.rank, communicator.size)
    func list(from sender: Int, to receiver: Int) -> [Int64] {
      (0..<(1 + (sender + 3 * receiver) % 5) * 1000).map { Int64(sender * 1000 + receiver + $0) }
    }
    let outgoing = (0..<size).map { list(from: rank, to: $0) }
    let expected = (0..<size).map { list(from: $0, to: rank) }
    let source = Array(outgoing.joined())
    let total = expected.reduce(0) { $0 + $1.count }
    let target = UnsafeMutableBufferPointer<Int64>.allocate(capacity: total)
    defer { target.deallocate() }
    target.initialize(repeating: -1)
    guard let base = target.baseAddress else { return }
    try source.withUnsafeBufferPointer {
      try communicator.startAllToAll(
        $0.baseAddress, outgoing: Self.ranges(outgoing), base, incoming: Self.ranges(expected)
      ).wait()
    }
    expect(Array(target) == Array(expected.joined()), of: "an alltoallv")
  }

  private static func ranges(_ lists: [[Int64]]) -> [Range<Int>] {
    var end = 0
    return lists.map { list in
      defer { end += list.count }
      return end..<(end + list.count)
    }
  }

  /// Bytes a second of messages that two ranks send to and fro, on all ranks; 0 for one rank alone.
  private func bandwidth(between first: Int, and second: Int) throws -> Double {
    guard first != second else { return 0 }
    let count = 1 << 20
    let rounds = 4
    var nanoseconds = 0.0
    if communicator.rank == first || communicator.rank == second {
      let buffer = UnsafeMutablePointer<Float>.allocate(capacity: count)
      defer { buffer.deallocate() }
      buffer.initialize(repeating: 1, count: count)
      let clock = ContinuousClock()
      // The first round, in which connections are made, isn't timed.
      var start = clock.now
      for round in 0...rounds {
        if round == 1 { start = clock.now }
        if communicator.rank == first {
          try communicator.startSend(buffer, count: count, to: second).wait()
          try communicator.startReceive(buffer, count: count, from: second).wait()
        } else {
          try communicator.startReceive(buffer, count: count, from: first).wait()
          try communicator.startSend(buffer, count: count, to: first).wait()
        }
      }
      if communicator.rank == first { nanoseconds = (clock.now - start) / .nanoseconds(1) }
    }
    let total = Double(try communicator.sum([Int64(nanoseconds)])[0])
    return total > 0 ? Double(2 * rounds * count * MemoryLayout<Float>.stride) * 1e9 / total : 0
  }
}
