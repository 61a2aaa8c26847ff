package import MPI
package import Tensors

/// Moves optimiser state between the ranks, each of which has it for its own slice, and rank 0,
/// which saves and loads: entry by entry, so that rank 0 never holds all of it.
///
/// State laid out as the weights are doesn't show how many ranks it was spread over, so a run may
/// be resumed with another number. All calls are collective.
package struct ShardedState {
  private let communicator: Communicator
  private let slices: Slices

  package init(_ communicator: Communicator, _ slices: Slices) {
    self.communicator = communicator
    self.slices = slices
  }

  /// A range of the state, on rank 0; nil on the others. `shard` points at the state of the first
  /// element of `slices.weights(of: rank)`.
  package func gather(
    _ range: Range<Int>, from shard: UnsafePointer<Float>
  ) throws(MPIError) -> Tensor? {
    let isRoot = communicator.isFirst
    let whole = Tensor(uninitialized: [isRoot ? range.count : 0])
    var outgoing = noRanges
    outgoing[0] = inShard(range)
    try communicator.startAllToAll(
      shard, outgoing: outgoing, whole.pointer, incoming: isRoot ? parts(of: range) : noRanges
    ).wait()
    return isRoot ? whole : nil
  }

  /// Spreads a range of the state, which rank 0 gives and the others leave out, into the shards.
  package func scatter(
    _ range: Range<Int>, values: Tensor?, into shard: UnsafeMutablePointer<Float>
  ) throws(MPIError) {
    let isRoot = communicator.isFirst
    precondition(
      !isRoot || values?.count == range.count, "rank 0 has to give \(range.count) values")
    var incoming = noRanges
    incoming[0] = inShard(range)
    let source = values.map { UnsafePointer($0.pointer) }
    try communicator.startAllToAll(
      source, outgoing: isRoot ? parts(of: range) : noRanges, shard, incoming: incoming
    ).wait()
    withExtendedLifetime(values) {}
  }

  private var noRanges: [Range<Int>] { Array(repeating: 0..<0, count: communicator.size) }

  /// Each rank's part of a range, counted from the range's start.
  private func parts(of range: Range<Int>) -> [Range<Int>] {
    (0..<communicator.size).map { rank in
      slices.weights(of: rank).clamped(to: range).moved(by: -range.lowerBound)
    }
  }

  /// This rank's part of a range, counted from the shard's start.
  private func inShard(_ range: Range<Int>) -> Range<Int> {
    let own = slices.weights(of: communicator.rank)
    return own.clamped(to: range).moved(by: -own.lowerBound)
  }
}

extension Range<Int> {
  /// The range elsewhere; an empty one goes to zero.
  fileprivate func moved(by distance: Int) -> Range<Int> {
    isEmpty ? 0..<0 : (lowerBound + distance)..<(upperBound + distance)
  }
}
