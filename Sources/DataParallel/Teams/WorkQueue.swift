import Glibc
package import MPI

/// Hands out items of work to teams of ranks, first come, first served. The first leader keeps it
/// and works too: it calls `serve` while it does.
///
/// Each leader takes items until it gets none; the first then calls `finish`.
package final class WorkQueue {
  private enum Tag { static let (request, answer) = (1, 2) }
  /// What a leader asks for.
  private enum Request { static let (next, stop) = (1, 0) }
  private static let nothing = -1

  private let leaders: Communicator
  private let status: RankStatus
  /// The first leader's: what nobody has taken.
  private var items: [Int]
  /// The first leader's: how many others don't know yet that there is no more.
  private var expected: Int

  /// - Parameters:
  ///   - leaders: one rank of each team.
  ///   - items: no less than 0; the first leader's count.
  package init(_ items: [Int], over leaders: Communicator, _ status: RankStatus) {
    self.leaders = leaders
    self.status = status
    self.items = items.reversed()
    expected = leaders.size - 1
  }

  /// The next item; nil when there is none left.
  package func next() throws(MPIError) -> Int? { try ask(Request.next) }

  /// Instead of the last `next`: nobody gets another item.
  package func stop() throws(MPIError) { _ = try ask(Request.stop) }

  /// Answers the leaders that wait for an item; returns at once.
  package func serve() throws(MPIError) {
    guard leaders.isFirst else { return }
    while expected > 0, let leader = try leaders.senderWaiting(tag: Tag.request) {
      let item = take(try leaders.receive(from: leader, tag: Tag.request))
      if item == nil { expected -= 1 }
      try leaders.send(item ?? Self.nothing, to: leader, tag: Tag.answer)
    }
  }

  /// Serves until all leaders know that there is no more.
  package func finish() throws(MPIError) {
    guard leaders.isFirst else { return }
    try status.waitingPatiently(for: "the folds of other teams") { () throws(MPIError) in
      while expected > 0 {
        try serve()
        usleep(1000)
      }
    }
  }

  private func ask(_ request: Int) throws(MPIError) -> Int? {
    if leaders.isFirst {
      try serve()
      return take(request)
    }
    try leaders.send(request, to: 0, tag: Tag.request)
    // The first leader may be in the midst of a micro-batch, or of a checkpoint.
    let item = try status.withoutDeadline { () throws(MPIError) in
      try leaders.receive(from: 0, tag: Tag.answer)
    }
    return item == Self.nothing ? nil : item
  }

  private func take(_ request: Int) -> Int? {
    if request == Request.stop { items = [] }
    return items.popLast()
  }
}
