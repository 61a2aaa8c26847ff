import Glibc

/// How a rank waits: it looks again at once while an answer is likely to be microseconds away, then
/// lets other threads have the core, then sleeps. Eight ranks on two cores must not starve each
/// other, and a rank that waits for a slower one must not heat its core.
struct Backoff {
  private static let spinning = 50_000
  private static let yielding = 300_000
  private static let longestSleep = 200_000

  private let start = nanoseconds()
  private var sleep = 20_000

  mutating func pause() {
    let waited = Self.nanoseconds() - start
    if waited < Self.spinning { return }
    if waited < Self.yielding {
      sched_yield()
      return
    }
    var time = timespec(tv_sec: 0, tv_nsec: sleep)
    nanosleep(&time, nil)
    sleep = min(sleep * 2, Self.longestSleep)
  }

  private static func nanoseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1_000_000_000 + now.tv_nsec
  }
}
