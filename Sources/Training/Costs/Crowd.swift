import Synchronization
import Tensors

/// The same work on several threads side by side, as ranks of one host do it.
enum Crowd {
  /// Runs a piece of work on each thread, once to find its memory, and then several times while the others do.
  ///
  /// - Parameter make: the work of a thread, which shares nothing that is written with the others'.
  /// - Returns: the mean of its seconds.
  static func run(_ threads: Int, times: Int = 3, _ make: (Int) -> () -> Void) -> Double {
    let work = Work((0..<threads).map(make))
    let seconds = Mutex(0.0)
    let pool = ThreadPool(threads: threads)
    let begun = Atomic(0)
    pool.run(threads) { thread in
      work.bodies[thread]()
      begun.add(1, ordering: .relaxed)
      // The first to be done works on, so that nobody is timed without the others.
      while begun.load(ordering: .relaxed) < threads { work.bodies[thread]() }
      let time = ContinuousClock().measure { for _ in 0..<times { work.bodies[thread]() } }
      seconds.withLock { $0 += time / .seconds(1) / Double(times) }
    }
    return seconds.withLock { $0 } / Double(threads)
  }

  private final class Work: @unchecked Sendable {
    let bodies: [() -> Void]
    init(_ bodies: [() -> Void]) { self.bodies = bodies }
  }
}
