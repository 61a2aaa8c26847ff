import Glibc
import Synchronization

/// A rank's compute threads: `run(chunks)` calls the body once for each chunk and returns when all
/// are done. The caller is one of the threads.
///
/// Which thread takes which chunk is left to chance, so a chunk may depend on its index alone and
/// must write to memory of its own: then results are the same for any number of threads. Cut work
/// with `Partition`, whose borders are a function of the shape.
package final class ThreadPool: Sendable {
  package let threads: Int

  private struct Job: @unchecked Sendable {
    var body: (Int) -> Void
    var chunks: Int
  }

  private struct State {
    var job: Job?
    /// Counts jobs, so that a waking thread knows whether it has seen this one.
    var generation = 0
    var active = 0
    var closed = false
  }

  /// A mutex with two conditions, shared with the threads, which must not keep the pool alive.
  private final class Shared: @unchecked Sendable {
    var state = State()
    let next = Atomic<Int>(0)
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

    func takeChunks(of job: Job) {
      while true {
        let chunk = next.add(1, ordering: .relaxed).oldValue
        if chunk >= job.chunks { return }
        job.body(chunk)
      }
    }

    /// A thread's life: wait for a job, help with it, say so.
    func serve() {
      var seen = 0
      pthread_mutex_lock(mutex)
      while true {
        while !state.closed, state.generation == seen { pthread_cond_wait(work, mutex) }
        if state.closed { break }
        seen = state.generation
        guard let job = state.job else { continue }
        state.active += 1
        pthread_mutex_unlock(mutex)
        takeChunks(of: job)
        pthread_mutex_lock(mutex)
        state.active -= 1
        if state.active == 0 { pthread_cond_signal(done) }
      }
      pthread_mutex_unlock(mutex)
    }
  }

  private let shared = Shared()
  private let helpers: [SystemThread]

  package init(threads: Int) {
    self.threads = max(threads, 1)
    helpers = (1..<max(threads, 1)).map { [shared] _ in SystemThread { shared.serve() } }
  }

  deinit {
    pthread_mutex_lock(shared.mutex)
    shared.state.closed = true
    pthread_cond_broadcast(shared.work)
    pthread_mutex_unlock(shared.mutex)
    for helper in helpers { helper.join() }
  }

  /// Calls `body(0)` … `body(chunks − 1)`, in any order, on all threads. Not to be nested.
  package func run(_ chunks: Int, _ body: (Int) -> Void) {
    if threads == 1 || chunks <= 1 {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let job = Job(body: body, chunks: chunks)
      pthread_mutex_lock(shared.mutex)
      shared.next.store(0, ordering: .relaxed)
      shared.state.job = job
      shared.state.generation += 1
      pthread_cond_broadcast(shared.work)
      pthread_mutex_unlock(shared.mutex)
      shared.takeChunks(of: job)
      pthread_mutex_lock(shared.mutex)
      shared.state.job = nil
      while shared.state.active > 0 { pthread_cond_wait(shared.done, shared.mutex) }
      pthread_mutex_unlock(shared.mutex)
    }
  }

  /// Calls `body` with each range of the partition.
  package func run(_ partition: Partition, _ body: (Range<Int>) -> Void) {
    run(partition.chunks) { body(partition[$0]) }
  }
}
