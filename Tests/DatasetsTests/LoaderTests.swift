import Datasets
import Glibc
import Images
import Support
import Synchronization
import Tensors
import Testing

@Suite struct LoaderTests {
  private let photos = "\(Golden.folder)/photos"

  private func pipeline(_ side: Int = 16) throws -> Pipeline {
    try Pipeline(
      [
        Resize(side), RandomHorizontalFlip(),
        Normalize(mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4]),
      ], size: nil, channels: 3)
  }

  /// Two epochs of all samples in shuffled order, in batches of at most 7.
  private func requests(_ count: Int) throws -> [BatchRequest] {
    try (0..<2).flatMap { epoch in
      let pipeline = try pipeline()
      let list = epochOrder(of: Array(0..<count), seed: 5, epoch: epoch)
      return microBatches(of: 0..<count, size: 7).map {
        BatchRequest(epoch: epoch, positions: $0, of: list, by: [pipeline])
      }
    }
  }

  private func loader(
    _ path: String, threads: Int, lookAhead: Int = 3, requests: sending some Sequence<BatchRequest>
  ) throws -> Loader {
    try Loader(
      Dataset.open(path: path), seed: 9, threads: threads, lookAhead: lookAhead,
      requests: requests)
  }

  @Test(arguments: [1, 2, 3, 8], [1, 4])
  func `the same bytes for any number of threads, in order`(threads: Int, lookAhead: Int) throws {
    let dataset = try Dataset.open(path: photos)
    let pipeline = try pipeline()
    let requests = try requests(dataset.samples.count)
    let loader = try loader(
      photos, threads: threads, lookAhead: lookAhead, requests: try self.requests(30))
    for request in requests {
      let batch = try #require(try loader.next())
      #expect(batch.request.items == request.items && batch.request.epoch == request.epoch)
      #expect(batch.samples == request.items.map(\.sample))
      #expect(batch.labels == request.items.map { dataset.samples[$0.sample].label })
      #expect(batch.images.shape == [request.items.count, 16, 16, 3])
      let expected = Tensor(zeros: batch.images.shape)
      for (place, item) in request.items.enumerated() {
        pipeline.write(
          try dataset.image(item.sample), seed: 9, epoch: request.epoch, position: item.position,
          to: expected.pointer + place * 16 * 16 * 3)
      }
      #expect(batch.images.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
    }
    #expect(try loader.next() == nil)
    #expect(try loader.next() == nil)
  }

  @Test(arguments: [1, 2, 5])
  func `the first bad photo of its batch is named, after all good batches`(threads: Int) throws {
    let folder = try Scratch()
    let good = try Golden.bytes("photos/disc/00.jpg")
    for number in 10..<40 { try folder.write(good, to: "a/\(number).jpg") }
    try folder.write(good, to: "b/1.jpg")
    // The second batch holds 5..<10; its second damaged photo fails much faster.
    try folder.write(good.dropLast(2), to: "a/17.jpg")
    try folder.write([], to: "a/18.jpg")
    try folder.write([], to: "a/30.jpg")
    let pipeline = try pipeline()
    let requests = (0..<6).map {
      BatchRequest(
        epoch: 0, positions: (5 * $0)..<(5 * $0 + 5), of: Array(0..<30), by: [pipeline])
    }
    let loader = try loader(folder.path, threads: threads, lookAhead: 6, requests: requests)
    #expect(try loader.next()?.samples == Array(0..<5))
    for _ in 0..<2 {
      #expect(
        throws: PhotoError.undecodable(
          path: "\(folder.path)/a/17.jpg", .jpeg, "Premature end of JPEG file")
      ) { try loader.next() }
    }
  }

  /// Counts how far it was read.
  private struct Counting: Sequence, IteratorProtocol, Sendable {
    final class Counter: Sendable { let value = Atomic(0) }
    let counter: Counter
    let pipeline: Pipeline
    var left = 100

    mutating func next() -> BatchRequest? {
      if left == 0 { return nil }
      left -= 1
      counter.value.add(1, ordering: .relaxed)
      return BatchRequest(epoch: 0, positions: 0..<2, of: [0, 1], by: [pipeline])
    }
  }

  @Test func `no more batches are begun than the look-ahead allows`() throws {
    let counter = Counting.Counter()
    let loader = try loader(
      photos, threads: 4, lookAhead: 3, requests: Counting(counter: counter, pipeline: pipeline()))
    for taken in 1...5 {
      _ = try loader.next()
      let begun = taken + 3
      for _ in 0..<5000 where counter.value.load(ordering: .relaxed) < begun { usleep(1000) }
      usleep(10_000)  // Time for one too many.
      #expect(counter.value.load(ordering: .relaxed) == begun)
    }
  }

  @Test(arguments: [
    (8, 0, 8), (8, 9_633_792, 8), (8, 40 << 20, 6), (8, 128 << 20, 2), (8, 1 << 40, 2), (4, 1, 4),
    (1, 1 << 40, 1),
  ])
  func `of large batches fewer are loaded ahead, and two at least`(
    most: Int, bytes: Int, expected: Int
  ) {
    #expect(Loader.batchesAhead(upTo: most, of: bytes) == expected)
  }

  @Test func `no more large batches are begun than there is room for`() throws {
    let counter = Counting.Counter()
    let bytes = 2 * 16 * 16 * 3 * MemoryLayout<Float>.stride
    let loader = try Loader(
      Dataset.open(path: photos), seed: 9, threads: 4, lookAhead: 6, mostBytesAhead: 4 * bytes - 1,
      requests: Counting(counter: counter, pipeline: pipeline()))
    for taken in 1...5 {
      _ = try loader.next()
      let begun = taken + 3
      for _ in 0..<5000 where counter.value.load(ordering: .relaxed) < begun { usleep(1000) }
      usleep(10_000)  // Time for one too many.
      #expect(counter.value.load(ordering: .relaxed) == begun)
    }
  }

  @Test func `a loader that is let go in the middle has ended its threads`() throws {
    for _ in 0..<20 {
      weak var held: Counting.Counter?
      do {
        let counter = Counting.Counter()
        held = counter
        let loader = try loader(
          photos, threads: 8, requests: Counting(counter: counter, pipeline: pipeline()))
        _ = try loader.next()
      }
      // The threads hold the requests as long as they run.
      #expect(held == nil)
    }
  }

  @Test func `an epoch's batches may have another size`() throws {
    let requests = try [16, 24].enumerated().map { epoch, side in
      BatchRequest(
        epoch: epoch, positions: 0..<3, of: [0, 1, 2], by: [try pipeline(side)])
    }
    let loader = try loader(photos, threads: 2, requests: requests)
    #expect(try loader.next()?.images.shape == [3, 16, 16, 3])
    #expect(try loader.next()?.images.shape == [3, 24, 24, 3])
  }

  @Test func `a batch may be empty, and there may be none`() throws {
    let empty = try loader(
      photos, threads: 2, requests: [BatchRequest(epoch: 0, items: [], by: [])])
    #expect(try empty.next()?.samples == [])
    #expect(try empty.next() == nil)
    #expect(try loader(photos, threads: 2, requests: [BatchRequest]()).next() == nil)
  }
}
