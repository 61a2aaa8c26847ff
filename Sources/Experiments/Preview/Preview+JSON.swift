import Datasets
import Files
import Images
import NeuralNetworks
import Recipes

extension Preview {
  /// `samples.json`: for each sample its photo, its place, and all that was drawn, in the order in which it
  /// was done; enough to do the same to the photo elsewhere.
  package func json(files: [String]) throws -> String {
    let recipe = experiment.recipe
    return try JSONText.encode(
      List(
        seed: recipe.training.seed, epoch: epoch, augment: recipe.augment(inEpoch: epoch).effect,
        samples: zip(samples, files).map { sample, file in
          let photo = experiment.dataset.samples[sample.photo]
          return Line(
            file: file, photo: photo.path, label: experiment.dataset.labelText(of: sample.photo),
            place: sample.place, steps: sample.steps.map(Step.init),
            mixed: sample.mixed.map { MixedLine($0, in: experiment.dataset) })
        }))
  }

  private struct List: Encodable {
    let seed: Int
    let epoch: Int
    let augment: String
    let samples: [Line]
  }

  private struct Line: Encodable {
    let file: String
    let photo: String
    let label: String
    let place: Int
    let steps: [Step]
    let mixed: MixedLine?
  }

  private struct Step: Encodable {
    let step: String
    let place: Int
    let drawn: [Drawn]

    init(_ entry: Journal.Entry) {
      step = entry.word
      place = entry.place
      drawn = entry.values.map { Drawn(name: $0.name, value: $0.value) }
    }
  }

  private struct Drawn: Encodable {
    let name: String
    let value: Journal.Value
  }

  private struct MixedLine: Encodable {
    let method: String
    /// The other photo's place in the epoch's list.
    let partner: Int
    let photo: String
    let label: String
    let lambda: Float
    /// Of CutMix: top, left, height, width.
    let box: [Int]?

    init(_ mixed: Mixed, in dataset: Dataset) {
      let other = dataset.samples[mixed.photo]
      method = mixed.blend.name
      partner = mixed.place
      photo = other.path
      label = dataset.labelText(of: mixed.photo)
      lambda = mixed.blend.firstShare
      box = mixed.blend.box
    }
  }
}

extension Blend {
  var name: String {
    switch self {
    case .mixup: "mixup"
    case .cutmix: "cutmix"
    }
  }

  /// Of CutMix: top, left, height, width of what is the other photo's.
  var box: [Int]? {
    switch self {
    case .mixup: nil
    case .cutmix(let rows, let columns, _):
      [rows.lowerBound, columns.lowerBound, rows.count, columns.count]
    }
  }
}
