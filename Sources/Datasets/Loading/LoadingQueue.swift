import Glibc
import Images
import Tensors
import Timelines

/// The batches in work, in order, shared by the threads that fill them and the one that takes them.
///
/// Everything that changes is guarded by `mutex`; nobody holds it while an image is made.
final class LoadingQueue: @unchecked Sendable {
  /// A batch that is being filled.
  private final class Pending {
    let request: BatchRequest
    let views: [Tensor]
    var handedOut = 0
    var done = 0
    /// By item.
    var failures: [Int: PhotoError] = [:]

    init(_ request: BatchRequest, views: [Tensor]) {
      self.request = request
      self.views = views
    }

    var isComplete: Bool { done == request.items.count }
  }

  private let source: SampleSource
  private let requests: AnyIterator<BatchRequest>
  private let lookAhead: Int
  private let mostBytesAhead: Int
  private let passesOverFailures: Bool
  private var batches: [Pending] = []
  private var isExhausted = false
  private var isClosed = false

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// There may be an item to load.
  private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// The first batch may be complete.
  private let progress = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(
    source: SampleSource, requests: AnyIterator<BatchRequest>, lookAhead: Int, mostBytesAhead: Int,
    passesOverFailures: Bool
  ) {
    self.source = source
    self.passesOverFailures = passesOverFailures
    self.requests = requests
    self.lookAhead = lookAhead
    self.mostBytesAhead = mostBytesAhead
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(work, nil)
    pthread_cond_init(progress, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(work)
    pthread_cond_destroy(progress)
    mutex.deallocate()
    work.deallocate()
    progress.deallocate()
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(work)
    pthread_mutex_unlock(mutex)
  }

  /// A thread's life: load item after item until the queue is closed.
  ///
  /// - Parameter lane: the thread's, in a timeline.
  func serve(_ lane: Lane?) {
    pthread_mutex_lock(mutex)
    while let (batch, item) = takeItem() {
      pthread_mutex_unlock(mutex)
      var failure: PhotoError?
      do throws(PhotoError) {
        try source.load(item, of: batch.request, into: batch.views, lane)
      } catch {
        failure = error
        source.clear(item, of: batch.request, in: batch.views)
      }
      pthread_mutex_lock(mutex)
      batch.done += 1
      // The rest of the batch is still loaded, so that the failure that is reported doesn't depend on
      // which thread was faster.
      if let failure { batch.failures[item] = failure }
      if batch.isComplete { pthread_cond_signal(progress) }
    }
    pthread_mutex_unlock(mutex)
  }

  /// The next batch in order, or its failure.
  func next() throws(PhotoError) -> Batch? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let batch = batches.first {
        if batch.isComplete {
          // A failed batch stays where it is: it is reported again, and soon there is no room for others.
          if !passesOverFailures, let first = batch.failures.min(by: { $0.key < $1.key }) {
            throw first.value
          }
          batches.removeFirst()
          pthread_cond_broadcast(work)
          return Batch(
            request: batch.request, views: batch.views,
            labels: batch.request.items.map { source.dataset.samples[$0.sample].label },
            failures: batch.failures)
        }
      } else if isExhausted {
        return nil
      }
      pthread_cond_wait(progress, mutex)
    }
  }

  /// The first item that nobody has yet, of the first batch that has one; begins a batch where there
  /// is room. Waits; nil when the queue is closed. The mutex is held, but for waiting.
  private func takeItem() -> (Pending, Int)? {
    while !isClosed {
      if let batch = batches.first(where: { $0.handedOut < $0.request.items.count }) {
        batch.handedOut += 1
        return (batch, batch.handedOut - 1)
      }
      if !isExhausted && hasRoom {
        begin()
      } else {
        pthread_cond_wait(work, mutex)
      }
    }
    return nil
  }

  /// Batches are alike, but for another epoch's.
  private var hasRoom: Bool {
    let largest = batches.map { $0.request.imageBytes }.max() ?? 0
    return batches.count
      < Loader.batchesAhead(upTo: lookAhead, of: largest, within: mostBytesAhead)
  }

  private func begin() {
    if let request = requests.next() {
      batches.append(Pending(request, views: source.memory(for: request)))
      pthread_cond_broadcast(work)
    } else {
      isExhausted = true
    }
    // For an end, or a batch without items, which is complete from the first.
    pthread_cond_signal(progress)
  }
}
