import Checkpoints
import Datasets
import Files
import Pretrained
import Recipes

/// Finds photos again that a model was trained on, under whatever name: links to them, and copies.
struct PhotosTrainedOn {
  private let dataset: Dataset
  private let samples: [Int]
  /// Of files that were read, so that each is read once for all models.
  private var digests: [ExactText: String] = [:]

  init(among samples: [Int], of dataset: Dataset) {
    self.dataset = dataset
    self.samples = samples
  }

  /// How many of the photos the model was trained on; nil where the list that it was trained on isn't
  /// there any more, or is of images that aren't files.
  mutating func count(by model: ModelOnDisk.Summary) throws -> Int? {
    guard model.state.step > 0, let own = try? Experiment(Recipe(model.recipe)),
      own.dataDigest == model.state.dataDigest
    else { return nil }
    var files: [Int: [String]] = [:]
    for index in try own.makeSplits().train {
      guard let file = own.dataset.file(of: index) else { return nil }
      files[own.dataset.samples[index].bytes, default: []].append(file)
    }
    var count = 0
    for index in samples {
      // Files of other lengths need not be read.
      guard let file = dataset.file(of: index), let others = files[dataset.samples[index].bytes]
      else { continue }
      if try others.contains(where: { try isSame(file, $0) }) { count += 1 }
    }
    return count
  }

  private mutating func isSame(_ file: String, _ other: String) throws -> Bool {
    try Paths.areSameFile(file, other) || digest(file) == digest(other)
  }

  private mutating func digest(_ file: String) throws -> String {
    if let known = digests[ExactText(file)] { return known }
    let digest = try Digest.hex(ofFile: file)
    digests[ExactText(file)] = digest
    return digest
  }
}
