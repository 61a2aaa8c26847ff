import DataParallel
import Datasets
import Files
import Images
import Support
import Tensors
import Testing

@testable import Training

/// What trains is the same whoever makes it: the floats, not only what was drawn.
@Suite struct RankBatchesTests {
  /// A micro-batch by its place.
  private struct Leaf: Hashable {
    let epoch: Int
    let positions: Range<Int>
  }

  /// Two epochs of a hundred micro-batches, drawn and repeated, the second of larger photos, with every step
  /// that a recipe may name; the digests of their images.
  private func digests(
    of photos: String = "\(Golden.folder)/photos", ranks: Int, loaderThreads: Int
  ) throws -> [Leaf: String] {
    let dataset = try Dataset.open(path: photos)
    let pipelines = try [16, 24].map { size in
      try Pipeline(Transforms.all.map { $0.init(imageSize: size) }, size: nil, channels: 3)
    }
    let samples = (0..<200).map { $0 * 7 % dataset.samples.count }
    let plan = StepPlan(samples: samples.count, globalBatch: 12, microBatch: 2)
    var found: [Leaf: String] = [:]
    for rank in 0..<ranks {
      let leafCounts = Set(plan.steps.map { plan.microBatches(of: $0).count })
      let own = leafCounts.map { ($0, LeafIntervals.cut(leaves: $0, ranks: ranks)[rank]) }
      let loader = Loader(
        dataset, seed: 3, threads: loaderThreads, lookAhead: 4,
        requests: RankBatches(
          list: EpochList(
            of: samples, plan, seed: 3, factors: samples.map { Double(1 + $0 % 3) }, repeats: 2),
          pipelines: PipelinesByEpoch([(0, pipelines[0]), (1, pipelines[1])]), epochs: 2,
          ownLeaves: Dictionary(uniqueKeysWithValues: own), fromEpoch: 0, step: 0))
      while let batch = try loader.next() {
        let items = batch.request.items
        let leaf = Leaf(
          epoch: batch.request.epoch,
          positions: items[0].position..<(items[items.count - 1].position + 1))
        let bytes = batch.images.values.withUnsafeBytes { Array($0) }
        #expect(found.updateValue(Digest.hex(of: bytes), forKey: leaf) == nil)
      }
    }
    return found
  }

  @Test(arguments: [(1, 2), (1, 5), (2, 1), (4, 2)])
  func `the same bytes in two epochs, for any number of ranks and threads`(
    ranks: Int, loaderThreads: Int
  ) throws {
    let alone = try digests(ranks: 1, loaderThreads: 1)
    #expect(alone.count == 200 && Set(alone.values).count == 200)
    #expect(try digests(ranks: ranks, loaderThreads: loaderThreads) == alone)
  }

  @Test func `the same bytes from a pack, for 1, 2 and 4 ranks`() throws {
    let folder = try Scratch()
    let pack = "\(folder.path)/photos.pack"
    _ = try Packing(.files, shardBytes: 10_000, groupBy: nil, skipsCorrupt: false).write(
      Dataset.open(path: "\(Golden.folder)/photos"), to: pack, ThreadPool(threads: 1)
    ) {}
    let plain = try digests(ranks: 1, loaderThreads: 1)
    for ranks in [1, 2, 4] {
      #expect(try digests(of: pack, ranks: ranks, loaderThreads: 2) == plain)
    }
  }
}
