import MPI
import Tensors
import Timelines

/// Turns the ranks' nodes into sums over all leaves, of which each rank gets its slice.
///
/// Every node is cut into slices and sent to the slices' owners (`MPI_Ialltoallv`, one round for
/// each rank's k-th node), and the owner adds in tree order. What a rank has itself isn't copied.
final class GradientExchange {
  /// The sums over all leaves of this rank's slice; valid until the next step begins.
  struct SliceSums {
    /// The element of the gradient that `pointer` points at is the slice's first.
    let pointer: UnsafeMutablePointer<Float>
    /// Σ x² of each of the slice's blocks.
    let squares: [Double]
  }

  let slices: Slices
  private let communicator: Communicator
  private let threads: ThreadPool
  private var received: Storage?

  /// Collective: the exchange gets messages of its own.
  init(_ communicator: Communicator, _ layout: FlatLayout, threads: ThreadPool) throws(MPIError) {
    self.communicator = try communicator.duplicate()
    self.threads = threads
    slices = Slices(layout, ranks: communicator.size)
  }

  /// - Parameter lane: of this thread in a timeline.
  func exchange(
    _ local: LeafSum, _ plan: ExchangePlan, _ lane: Lane? = nil
  ) throws(MPIError) -> SliceSums {
    precondition(
      local.isComplete && local.nodes.map(\.node) == plan.nodes[communicator.rank],
      "the leaves of the step aren't complete")
    let slice = slices.ranges[communicator.rank]
    received = nil  // back to the pool, to be taken again
    let incoming = BufferPool.shared.take(
      Self.incoming(plan, rank: communicator.rank) * slice.count)
    received = incoming

    var free = incoming.pointer
    let sources = plan.holders.map { holder in
      if holder.rank == communicator.rank {
        return local.nodes[holder.round].sum.pointer + slice.lowerBound
      }
      defer { free += slice.count }
      return free
    }
    for round in 0..<plan.rounds {
      try lane.slice(
        "send and receive", .ranks,
        [
          ("round", .number(round)),
          ("bytes", .number(bytesSent(round, of: local))),
        ]
      ) { () throws(MPIError) in
        try send(round, of: local, plan, into: incoming.pointer)
      }
    }
    let squares = lane.slice("add up", .step) { addUp(sources, plan.additions) }
    return SliceSums(pointer: sources[0], squares: squares)
  }

  /// How many nodes the others send a rank.
  static func incoming(_ plan: ExchangePlan, rank: Int) -> Int {
    plan.holders.count - plan.nodes[rank].count
  }

  /// What this rank sends to the others in a round.
  private func bytesSent(_ round: Int, of local: LeafSum) -> Int {
    guard round < local.nodes.count else { return 0 }
    let own = slices.ranges[communicator.rank].count
    return (slices.layout.gradientCount - own) * MemoryLayout<Float>.stride
  }

  private func send(
    _ round: Int, of local: LeafSum, _ plan: ExchangePlan, into target: UnsafeMutablePointer<Float>
  ) throws(MPIError) {
    let rank = communicator.rank
    let slice = slices.ranges[rank]
    let own = round < local.nodes.count ? local.nodes[round].sum : nil
    var outgoing = slices.ranges.map { own == nil ? 0..<0 : $0 }
    outgoing[rank] = 0..<0
    // The place of a node among those from other ranks, in leaf order.
    var incoming = [Range<Int>](repeating: 0..<0, count: communicator.size)
    for (place, holder) in plan.holders.filter({ $0.rank != rank }).enumerated()
    where holder.round == round {
      incoming[holder.rank] = (place * slice.count)..<((place + 1) * slice.count)
    }
    try communicator.startAllToAll(
      own.map { UnsafePointer($0.pointer) }, outgoing: outgoing, target, incoming: incoming
    ).wait()
  }

  /// Adds block by block, all nodes while the block is in the cache, and squares the result.
  private func addUp(
    _ sources: [UnsafeMutablePointer<Float>], _ additions: [ExchangePlan.Addition]
  ) -> [Double] {
    let start = slices.ranges[communicator.rank].lowerBound
    let blocks = slices.layout.blocks[slices.blocks[communicator.rank]]
    let squares = UnsafeMutableBufferPointer<Double>.allocate(capacity: blocks.count)
    defer { squares.deallocate() }
    threads.run(Partition(blocks.count, least: 16)) { chunk in
      for index in chunk {
        let block = blocks[blocks.startIndex + index]
        let offset = block.lowerBound - start
        for addition in additions {
          add(
            sources[addition.source] + offset, to: sources[addition.target] + offset,
            count: block.count)
        }
        squares[index] = sumOfSquares(sources[0] + offset, count: block.count)
      }
    }
    return Array(squares)
  }
}
