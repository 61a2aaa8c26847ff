import Testing

@testable import Training

/// What ranks wait for is timed from the second step on, and anew in each epoch.
@Suite struct TrainingClockTests {
  private func wait(_ clock: inout TrainingClock) {
    clock.waiting {
      let start = ContinuousClock.now
      while ContinuousClock.now - start < .milliseconds(5) {}
    }
  }

  @Test func `waiting before the first step isn't counted`() {
    var clock = TrainingClock()
    clock.start()
    wait(&clock)
    clock.count(samples: 4)
    #expect(clock.endEpoch().waited == 0)
  }

  @Test func `waiting is counted in its epoch, as a part of it`() {
    var clock = TrainingClock()
    clock.start()
    clock.count(samples: 4)
    wait(&clock)
    wait(&clock)
    clock.count(samples: 4)
    let first = clock.endEpoch()
    #expect(first.waited >= 0.01 && first.waited <= first.seconds)
    clock.count(samples: 4)
    #expect(clock.endEpoch().waited == 0)
  }

  @Test func `time in MPI calls is that of the epoch, but for the first step`() {
    var clock = TrainingClock()
    clock.start()
    clock.count(samples: 4, exchanging: 9)
    clock.count(samples: 4, exchanging: 0.25)
    clock.count(samples: 4, exchanging: 0.5)
    #expect(clock.endEpoch().exchanging == 0.75)
    #expect(clock.endEpoch().exchanging == 0)
  }

  @Test func `who waits least only exchanges, and who waits longest waits for others`() throws {
    let report = try #require(ExchangeReport(waited: [1, 4, 2], of: 10))
    #expect(report.share == 0.1)
    #expect(abs(report.shareForRanks - 0.3) < 1e-12)
    #expect(ExchangeReport(waited: [1], of: 10) == nil)
    #expect(ExchangeReport(waited: [1, 2], of: 0) == nil)
  }

  @Test func `what throws is handed on`() {
    struct Failure: Error {}
    var clock = TrainingClock()
    #expect(throws: Failure.self) { try clock.waiting { throw Failure() } }
  }
}
