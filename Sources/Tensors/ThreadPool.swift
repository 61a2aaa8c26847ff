import CProcessor
import Glibc
import Synchronization

/// A rank's compute threads: `run(chunks)` calls the body once for each chunk and returns when all
/// are done. The caller is one of the threads.
///
/// Which thread takes which chunk is left to chance, so a chunk may depend on its index alone and
/// must write to memory of its own: then results are the same for any number of threads. Cut work
/// with `Partition`, whose borders are a function of the shape.
package final class ThreadPool: Sendable {
  /// No thread but the caller's: for a part of a job that is itself one thread's chunk.
  package static let caller = ThreadPool(threads: 1)

  package let threads: Int
  private let isIdle: Bool

  private struct Job {
    var body: (Int) -> Void
    var chunks: Int
  }

  private struct State {
    /// On the caller's stack, so that no helper keeps hold of the body.
    var job: UnsafePointer<Job>?
    var closed = false
  }

  /// A mutex with two conditions, shared with the threads, which must not keep the pool alive.
  private final class Shared: @unchecked Sendable {
    var state = State()
    let next = Atomic<Int>(0)
    /// Counts jobs, so that a waking thread knows whether it has seen this one. It and `active` are
    /// written with the mutex held, and read without it by who waits awake.
    let generation = Atomic<Int>(0)
    let active = Atomic<Int>(0)
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(work, nil)
      pthread_cond_init(done, nil)
    }

    deinit {
      pthread_mutex_destroy(mutex)
      pthread_cond_destroy(work)
      pthread_cond_destroy(done)
      mutex.deallocate()
      work.deallocate()
      done.deallocate()
    }

    func takeChunks(of job: UnsafePointer<Job>) {
      while true {
        let chunk = next.add(1, ordering: .relaxed).oldValue
        if chunk >= job.pointee.chunks { return }
        job.pointee.body(chunk)
      }
    }

    /// Waits awake for some ten microseconds, about what it costs to fall asleep and be woken: most
    /// jobs follow the one before at once. No longer, since other ranks may want the core.
    func waitAwake(while condition: () -> Bool) {
      var rounds = 0
      while rounds < 400, condition() {
        tutti_spin_pause()
        rounds += 1
      }
    }

    /// A thread's life: wait for a job, help with it, say so.
    func serve() {
      var seen = 0
      while true {
        waitAwake { generation.load(ordering: .acquiring) == seen }
        pthread_mutex_lock(mutex)
        while !state.closed, generation.load(ordering: .relaxed) == seen {
          pthread_cond_wait(work, mutex)
        }
        seen = generation.load(ordering: .relaxed)
        let job = state.job
        if job != nil { active.add(1, ordering: .relaxed) }
        let closed = state.closed
        pthread_mutex_unlock(mutex)
        if closed { return }
        guard let job else { continue }
        takeChunks(of: job)
        pthread_mutex_lock(mutex)
        if active.subtract(1, ordering: .releasing).newValue == 0 { pthread_cond_signal(done) }
        pthread_mutex_unlock(mutex)
      }
    }
  }

  private let shared = Shared()
  private let helpers: [SystemThread]

  package convenience init(threads: Int) { self.init(threads: threads, isIdle: false) }

  private init(threads: Int, isIdle: Bool) {
    self.threads = max(threads, 1)
    self.isIdle = isIdle
    helpers =
      isIdle ? [] : (1..<max(threads, 1)).map { [shared] _ in SystemThread { shared.serve() } }
  }

  /// One that says it has so many threads and runs nothing: for who takes the memory of a computation to
  /// find how much that is (`BufferPool.rehearsing`).
  package static func idle(threads: Int) -> ThreadPool {
    ThreadPool(threads: threads, isIdle: true)
  }

  deinit {
    pthread_mutex_lock(shared.mutex)
    shared.state.closed = true
    pthread_cond_broadcast(shared.work)
    pthread_mutex_unlock(shared.mutex)
    for helper in helpers { helper.join() }
  }

  /// Calls `body(0)` … `body(chunks − 1)`, in any order, on all threads. Inside a chunk, only
  /// `caller` may be run.
  package func run(_ chunks: Int, _ body: (Int) -> Void) {
    if isIdle { return }
    if threads == 1 || chunks <= 1 {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: Job(body: body, chunks: chunks)) { job in
        pthread_mutex_lock(shared.mutex)
        shared.next.store(0, ordering: .relaxed)
        shared.state.job = job
        shared.generation.add(1, ordering: .releasing)
        pthread_cond_broadcast(shared.work)
        pthread_mutex_unlock(shared.mutex)
        shared.takeChunks(of: job)
        shared.waitAwake { shared.active.load(ordering: .acquiring) > 0 }
        pthread_mutex_lock(shared.mutex)
        shared.state.job = nil
        while shared.active.load(ordering: .relaxed) > 0 {
          pthread_cond_wait(shared.done, shared.mutex)
        }
        pthread_mutex_unlock(shared.mutex)
      }
    }
  }

  /// Calls `body` with each range of the partition.
  package func run(_ partition: Partition, _ body: (Range<Int>) -> Void) {
    run(partition.chunks) { body(partition[$0]) }
  }
}
