import Testing

@testable import Planning

@Suite struct ThreadTimesTests {
  @Test func `both measured times come out, and Amdahl's between and beyond`() {
    let times = ThreadTimes(alone: 16, together: 6, cores: 4)
    #expect(abs(times.serialShare - 1.0 / 6) < 1e-12)
    #expect(times.seconds(threads: 1) == 16)
    #expect(abs(times.seconds(threads: 4) - 6) < 1e-12)
    #expect(abs(times.seconds(threads: 2) - 16 * (1.0 / 6 + 5.0 / 12)) < 1e-12)
    #expect(abs(times.seconds(threads: 1_000_000) - 16.0 / 6) < 1e-4)
  }

  @Test func `noise makes no thread faster than its share, and none slower than one alone`() {
    #expect(ThreadTimes(alone: 8, together: 3.9, cores: 2).serialShare == 0)
    #expect(ThreadTimes(alone: 8, together: 9, cores: 2).serialShare == 1)
    #expect(ThreadTimes(alone: 8, together: 8, cores: 1).seconds(threads: 2) == 4)
  }
}
