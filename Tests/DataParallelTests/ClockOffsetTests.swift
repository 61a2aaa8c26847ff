import Support
import Testing

@testable import DataParallel

@Suite struct ClockOffsetTests {
  /// Round trips to a host whose clock is `ahead` of rank 0's and runs faster by `drift`, on ways that take different
  /// times there and back.
  private func trips(ahead: Int64, drift: Double = 0, from start: Int64, seed: UInt64)
    -> [ClockOffset.RoundTrip]
  {
    var random = SplitMix(state: seed)
    var now = start
    return (0..<24).map { _ in
      let sent = now
      let there = now + 5_000 + Int64(random.next() % 90_000)
      let received = there + 5_000 + Int64(random.next() % 900_000)
      now = received + 1_000
      return ClockOffset.RoundTrip(
        sent: sent, answered: there + ahead + Int64(Double(there) * drift), received: received)
    }
  }

  @Test(arguments: [0, 1, -7_000_000_000, 123_456_789_012_345] as [Int64], 1...20)
  func `the offset is wrong by half of the fastest round trip at most`(ahead: Int64, seed: UInt64) {
    let trips = trips(ahead: ahead, from: 55_000_000_000, seed: seed)
    let found = ClockOffset(trips)
    #expect(abs(found.offset + ahead) <= found.uncertainty)
    let fastest = trips.map { $0.received - $0.sent }.min() ?? 0
    #expect(found.uncertainty == (fastest + 1) / 2)
    // And so better than the mean of all.
    #expect(found.uncertainty < 200_000)
  }

  @Test func `between two measurements, times follow a clock that runs faster`() {
    let (ahead, drift) = (Int64(3_000_000_000), 50e-6)
    func offset(at start: Int64) -> ClockOffset {
      ClockOffset(trips(ahead: ahead, drift: drift, from: start, seed: UInt64(start)))
    }
    let clock = ClockAlignment(from: offset(at: 1_000), to: offset(at: 60_000_000_000))
    // By then the clock is three milliseconds further ahead.
    #expect(abs(clock.last.offset - clock.first.offset) > 2_500_000)
    for time in stride(from: Int64(1_000_000), to: 60_000_000_000, by: 7_000_000_000) {
      let there = time + ahead + Int64(Double(time) * drift)
      #expect(abs(clock.onFirstRank(there) - time) <= clock.uncertainty + 2)
    }
  }

  @Test func `rank 0's own times stay as they are`() {
    let none = ClockOffset(time: 5, offset: 0, uncertainty: 0)
    #expect(ClockAlignment(from: none, to: none).onFirstRank(77) == 77)
    let later = ClockOffset(time: 9, offset: 0, uncertainty: 0)
    #expect(ClockAlignment(from: none, to: later).onFirstRank(77) == 77)
  }
}
