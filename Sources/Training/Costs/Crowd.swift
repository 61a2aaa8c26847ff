import Synchronization
import Tensors

/// The same work on several threads side by side, as ranks of one host do it.
enum Crowd {
  /// The median of the seconds that a piece of work takes while all threads do it, after each has found its memory.
  ///
  /// - Parameter make: the work of a thread, which shares nothing that is written with the others'.
  static func seconds(_ threads: Int, _ make: (Int) -> () -> Void) -> Double {
    let work = Work((0..<threads).map(make))
    let seconds = Mutex<[Double]>([])
    let begun = Atomic(0)
    let done = Atomic(0)
    ThreadPool(threads: threads).run(threads) { thread in
      let body = work.bodies[thread]
      body()
      begun.add(1, ordering: .relaxed)
      // Who is first or done works on, so that nobody is timed without the others.
      while begun.load(ordering: .relaxed) < threads { body() }
      let own = Repetition.seconds(body)
      done.add(1, ordering: .relaxed)
      while done.load(ordering: .relaxed) < threads { body() }
      seconds.withLock { $0.append(own) }
    }
    return seconds.withLock(\.self).median
  }

  private final class Work: @unchecked Sendable {
    let bodies: [() -> Void]
    init(_ bodies: [() -> Void]) { self.bodies = bodies }
  }
}
