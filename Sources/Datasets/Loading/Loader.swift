package import Images
import Tensors
package import Timelines

/// Reads, decodes and transforms images on threads of its own, ahead of who trains on them.
///
/// Batches come in the order of their requests; the unit of work is one sample, so that several
/// threads share a batch. A sample's floats depend on the request and the seed alone
/// and have a place of their own in the batch: the bytes are the same for any number of threads.
package final class Loader: Sendable {
  private let queue: LoadingQueue
  private let threads: [SystemThread]

  /// Bytes of batches beyond which no more than two are loaded ahead.
  package static let mostBytesAhead = 256 << 20

  /// Batches that are in memory besides the one that was handed out last: fewer where they are large, since
  /// two do to keep the threads busy, and memory is short then.
  ///
  /// - Parameters:
  ///   - lookAhead: the most, whatever their size.
  ///   - batchBytes: of each.
  package static func batchesAhead(
    upTo lookAhead: Int, of batchBytes: Int, within bytes: Int = mostBytesAhead
  ) -> Int {
    min(lookAhead, max(2, bytes / max(batchBytes, 1)))
  }

  /// Bytes that the system has given for batches.
  package static var memoryBytes: Int { SampleSource.memory.bytes }

  /// Starts loading.
  ///
  /// - Parameters:
  ///   - lookAhead: the most batches in memory besides the one that was handed out last; of large ones
  ///     there are fewer (`batchesAhead`).
  ///   - passesOverFailures: leaves zeros for a photo that can't be used, and goes on.
  ///   - timeline: gets what each thread does.
  ///   - requests: taken one at a time as threads become free, on any of the threads.
  package init(
    _ dataset: Dataset, seed: UInt64, threads: Int, lookAhead: Int,
    mostBytesAhead: Int = mostBytesAhead, passesOverFailures: Bool = false,
    timeline: Timeline? = nil, requests: sending some Sequence<BatchRequest>
  ) {
    let queue = LoadingQueue(
      source: SampleSource(dataset: dataset, seed: seed),
      requests: AnyIterator(requests.makeIterator()), lookAhead: max(lookAhead, 1),
      mostBytesAhead: mostBytesAhead, passesOverFailures: passesOverFailures)
    self.queue = queue
    self.threads = (1...max(threads, 1)).map { number in
      let lane = timeline?.lane("loader \(number)")
      return SystemThread { queue.serve(lane) }
    }
  }

  /// Stops at the next sample borders and waits for the threads.
  deinit {
    queue.close()
    for thread in threads { thread.join() }
  }

  /// The next batch, once it is complete; nil after the last. For one caller at a time.
  ///
  /// - Throws: `PhotoError` when an image of this batch can't be used, unless failures are passed
  ///   over: the first of them in the batch's order. Later calls throw the same.
  package func next() throws(PhotoError) -> Batch? { try queue.next() }
}
