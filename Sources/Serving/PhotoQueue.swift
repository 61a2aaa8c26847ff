import Evaluation
import Glibc
import Images
import Inference
import NIOHTTP1
import Tensors

/// Photos on their way: some threads decode them, in the order in which they come, and one asks about those that are
/// decoded, as many side by side as it has threads. A photo that is alone has all of the threads.
///
/// Each photo is a forward pass of its own, whatever is beside it, so that its bits don't depend on its neighbours.
final class PhotoQueue: @unchecked Sendable {
  /// A photo that is decoded, for the model that it was prepared for.
  private struct Ready {
    let photo: PhotoRequest.Photo
    let prepared: ReadyModel.Prepared
    let model: ReadyModel
  }

  // What follows is guarded by `mutex`; nobody holds it while a photo is looked at.
  private var coming: [PhotoRequest.Photo] = []
  private var ready: [Ready] = []
  /// Photos that a thread has taken.
  private var decoding = 0
  private var asking = 0
  private var isClosed = false
  private var model: ReadyModel

  private let limits: ServerLimits
  private let metrics: Metrics
  private let pool: ThreadPool
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Something came, was decoded or is over.
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ model: ReadyModel, _ limits: ServerLimits, _ metrics: Metrics) {
    self.model = model
    self.limits = limits
    self.metrics = metrics
    pool = ThreadPool(threads: model.threads)
    pthread_mutex_init(mutex, nil)
    // By a clock that nobody sets.
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(change, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(change)
    mutex.deallocate()
    change.deallocate()
  }

  private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Starts the threads, which live until the queue is closed.
  func start() -> [SystemThread] {
    (0..<max(model.loaderThreads, 1)).map { _ in SystemThread { self.decode() } }
      + [SystemThread { self.ask() }]
  }

  /// Photos that wait or are looked at.
  var count: Int { locked { all } }

  private var all: Int { coming.count + decoding + ready.count + asking }

  /// The model that photos are prepared for from now on.
  var current: ReadyModel {
    get { locked { model } }
    set { locked { model = newValue } }
  }

  /// Takes photos; none when there isn't room for all.
  func take(_ photos: [PhotoRequest.Photo]) -> Bool {
    locked {
      guard !isClosed, all + photos.count <= limits.longestQueue else { return false }
      coming += photos
      pthread_cond_broadcast(change)
      return true
    }
  }

  /// Drops what waits of a request that nobody waits for, and its bytes with it.
  func forget(_ request: PhotoRequest) {
    locked {
      coming.removeAll { $0.request === request }
      ready.removeAll { $0.photo.request === request }
      pthread_cond_broadcast(change)
    }
  }

  /// Lets the threads end. What waits is not looked at.
  func close() {
    locked {
      isClosed = true
      pthread_cond_broadcast(change)
    }
  }

  /// A decoding thread's life.
  private func decode() {
    while let (photo, model) = next() {
      var prepared: ReadyModel.Prepared?
      if !photo.request.isCancelled {
        do throws(PhotoError) {
          prepared = try model.prepare(
            photo.bytes, called: photo.name, for: photo.request.question)
        } catch {
          photo.request.finish(photo.place, .refused(Refusal(error)))
        }
      }
      locked {
        decoding -= 1
        if let prepared, !photo.request.isCancelled {
          ready.append(Ready(photo: photo, prepared: prepared, model: model))
        }
        pthread_cond_broadcast(change)
      }
    }
  }

  private func next() -> (PhotoRequest.Photo, ReadyModel)? {
    locked {
      while !isClosed {
        // Decoded photos take memory: a few for each thread are enough to keep it busy.
        if !coming.isEmpty, ready.count + decoding < 2 * pool.threads + 2 {
          decoding += 1
          return (coming.removeFirst(), model)
        }
        pthread_cond_wait(change, mutex)
      }
      return nil
    }
  }

  /// The life of the thread that asks.
  private func ask() {
    while let batch = nextBatch() {
      if batch.count == 1 {
        ask(batch[0], on: pool)
      } else {
        pool.run(batch.count) { ask(batch[$0], on: .caller) }
      }
      metrics.asked(batch.count)
      locked {
        asking = 0
        pthread_cond_broadcast(change)
      }
    }
  }

  private func ask(_ item: Ready, on pool: ThreadPool) {
    let photo = item.photo
    if photo.request.isCancelled { return }
    do {
      let answer = try item.model.answer(item.prepared, on: pool)
      photo.request.finish(
        photo.place,
        .answered(try answer.photos.rows()[0], heatMap: try answer.heatMap?.overlay.png()))
    } catch {
      photo.request.finish(photo.place, .refused(Refusal(.internalServerError, "\(error)")))
    }
  }

  /// The next photos to be asked about side by side; nil when the queue is closed. Waits for one, and where others are
  /// being decoded for these, but not for long.
  private func nextBatch() -> [Ready]? {
    locked {
      var deadline: timespec?
      while !isClosed {
        if let first = ready.first {
          // Where nets look is found by all threads together, and so is what a model that is new says.
          let most = first.photo.request.question.wantsHeatMap ? 1 : pool.threads
          let batch = ready.prefix(most).prefix {
            $0.model === first.model
              && $0.photo.request.question.wantsHeatMap == first.photo.request.question.wantsHeatMap
          }
          let isFull = batch.count == most || batch.count < ready.count
          if isFull || coming.count + decoding == 0 || deadline.map(Self.hasPassed) == true {
            ready.removeFirst(batch.count)
            asking = batch.count
            return Array(batch)
          }
          let until = deadline ?? Self.time(after: limits.batchWait)
          deadline = until
          withUnsafePointer(to: until) { _ = pthread_cond_timedwait(change, mutex, $0) }
        } else {
          pthread_cond_wait(change, mutex)
        }
      }
      return nil
    }
  }

  private static func now() -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now
  }

  private static func time(after wait: Duration) -> timespec {
    var time = now()
    let nanoseconds = time.tv_nsec + Int(wait / .nanoseconds(1))
    time.tv_sec += nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    return time
  }

  private static func hasPassed(_ time: timespec) -> Bool {
    let now = now()
    return (now.tv_sec, now.tv_nsec) >= (time.tv_sec, time.tv_nsec)
  }
}
