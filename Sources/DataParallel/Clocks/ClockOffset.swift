package import MPI

/// How far a rank's clock is from rank 0's, and how well that is known.
///
/// Rank 0 sends a message, and the other answers with its time, which lies between sending and receiving. So the
/// middle of these is that time by rank 0's clock, wrong by half of the round trip at most: of several round trips the
/// fastest counts (Cristian, "Probabilistic clock synchronization", 1989; NTP does the same).
package struct ClockOffset: Equatable, Sendable {
  /// A message from rank 0 and its answer, in nanoseconds.
  struct RoundTrip {
    /// By rank 0's clock.
    let sent: Int64
    /// By the other's clock.
    let answered: Int64
    /// By rank 0's clock.
    let received: Int64
  }

  /// When it was measured, in nanoseconds of the rank's own clock.
  package let time: Int64
  /// Nanoseconds to be added to that for rank 0's clock.
  package let offset: Int64
  /// Nanoseconds by which the offset is wrong at most.
  package let uncertainty: Int64

  package init(time: Int64, offset: Int64, uncertainty: Int64) {
    self.time = time
    self.offset = offset
    self.uncertainty = uncertainty
  }

  /// Of the fastest of some round trips, at least one.
  init(_ trips: [RoundTrip]) {
    guard let best = trips.min(by: { $0.received - $0.sent < $1.received - $1.sent }) else {
      preconditionFailure("no round trip")
    }
    let half = (best.received - best.sent + 1) / 2
    self.init(
      time: best.answered, offset: best.sent + half - best.answered, uncertainty: half)
  }
}

extension ClockOffset {
  private static let roundTrips = 24
  private static let tag = 3

  /// The offsets of all ranks, on every rank, in rank order; rank 0's is nothing. Collective.
  ///
  /// - Parameter clock: a monotonic clock of this rank's host, in nanoseconds.
  package static func measure(
    over communicator: Communicator, _ clock: () -> Int64
  ) throws(MPIError) -> [ClockOffset] {
    var numbers: [Int64] = []
    if communicator.rank == 0 {
      let now = clock()
      numbers = [now, 0, 0]
      for rank in 1..<max(communicator.size, 1) {
        var trips: [RoundTrip] = []
        for _ in 0..<roundTrips {
          let sent = clock()
          try communicator.send(0, to: rank, tag: tag)
          let answered = Int64(try communicator.receive(from: rank, tag: tag))
          trips.append(RoundTrip(sent: sent, answered: answered, received: clock()))
        }
        let found = ClockOffset(trips)
        numbers += [found.time, found.offset, found.uncertainty]
      }
    } else {
      for _ in 0..<roundTrips {
        _ = try communicator.receive(from: 0, tag: tag)
        try communicator.send(Int(clock()), to: 0, tag: tag)
      }
    }
    let all = try communicator.broadcast(numbers, from: 0)
    return stride(from: 0, to: all.count, by: 3).map {
      ClockOffset(time: all[$0], offset: all[$0 + 1], uncertainty: all[$0 + 2])
    }
  }
}
