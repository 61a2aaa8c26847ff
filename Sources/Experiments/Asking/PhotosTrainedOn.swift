import Datasets
import Files
import Timelines

/// Finds photos again that a model was trained on, under whatever name: links to them, and copies.
struct PhotosTrainedOn {
  private let dataset: Dataset
  let samples: [Int]

  init(among samples: [Int], of dataset: Dataset) {
    self.dataset = dataset
    self.samples = samples
  }

  /// How many of the photos a model was trained on; of images that aren't files, none is known.
  ///
  /// - Parameters:
  ///   - own: the experiment that the model was trained by.
  ///   - getsOn: called again and again, since many files may have to be read.
  func count(by own: Experiment, _ getsOn: () throws -> Void) throws -> Int {
    // Files of lengths that only one side has need not be read.
    let trained = Dictionary(grouping: try own.makeSplits().train) { own.dataset.samples[$0].bytes }
    let asked = Dictionary(grouping: samples) { dataset.samples[$0].bytes }
    var count = 0
    try Activity.during("comparing", of: samples.count, "photos") { activity in
      for (bytes, samples) in asked {
        defer { activity.advance(by: samples.count) }
        guard let others = trained[bytes] else { continue }
        let known = try Set(digests(of: others, in: own.dataset, getsOn))
        count += try digests(of: samples, in: dataset, getsOn).count(where: known.contains)
      }
    }
    return count
  }

  /// Of those that can be read: a note isn't worth more.
  private func digests(
    of samples: [Int], in dataset: Dataset, _ getsOn: () throws -> Void
  ) throws -> [String] {
    guard dataset.hasPhotos else { return [] }
    return try samples.compactMap { index in
      try getsOn()
      return try? dataset.contentDigest(of: index)
    }
  }
}
