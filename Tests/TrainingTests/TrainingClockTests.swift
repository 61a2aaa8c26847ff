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

  @Test func `what throws is handed on`() {
    struct Failure: Error {}
    var clock = TrainingClock()
    #expect(throws: Failure.self) { try clock.waiting { throw Failure() } }
  }
}
