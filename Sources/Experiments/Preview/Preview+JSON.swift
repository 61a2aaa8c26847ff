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
            file: file, photo: photo.path, label: experiment.dataset.classes[photo.label],
            place: sample.place, steps: sample.steps.map(Step.init),
            mixed: sample.mixed.map { Mixed(partner: $0.partner, $0.blend) })
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
    let mixed: Mixed?
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

  private struct Mixed: Encodable {
    /// The other photo's place in the epoch's list.
    let partner: Int
    let lambda: Float
    /// Of CutMix: top, left, height, width.
    let box: [Int]?

    init(partner: Int, _ blend: Blend) {
      self.partner = partner
      lambda = blend.firstShare
      box =
        switch blend {
        case .mixup: nil
        case .cutmix(let rows, let columns, _):
          [rows.lowerBound, columns.lowerBound, rows.count, columns.count]
        }
    }
  }
}
