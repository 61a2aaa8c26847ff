import Files
import Support
import Testing

@testable import Evaluation

/// Beside numpy: Tests/Golden/seeds.py.
@Suite struct SeededDifferenceTests {
  private struct Golden: Decodable {
    let labels, groups: [Int]
    let first, second: [[[Double]]]
    let difference, lower, upper: [Double]
    /// Of the lower and the upper bounds.
    let noise: [[Double]]

    func predictions(_ probabilities: [[Double]]) -> Predictions {
      var predictions = Predictions(classes: ["a", "b", "c"])
      for (row, label) in labels.enumerated() {
        predictions.append(sample: row, labels: [label], probabilities: probabilities[row])
      }
      return predictions
    }

    var photoGroups: PhotoGroups { PhotoGroups(groups.map { "group \($0)" }) }
  }

  private let golden: Golden

  init() throws {
    golden = try JSONText.decode(Golden.self, from: Support.Golden.bytes("seeds.json"))
  }

  /// Five times what numpy's runs scatter by.
  @Test func `over photos and seeds as numpy's`() throws {
    let found = SeededDifference.between(
      golden.first.map(golden.predictions), golden.second.map(golden.predictions),
      groups: golden.photoGroups, [.accuracy, .macroF1])
    for (index, one) in found.enumerated() {
      let one = try #require(one)
      #expect(abs(one.difference - golden.difference[index]) < 1e-12)
      #expect(abs(one.interval.lower - golden.lower[index]) < 5 * golden.noise[0][index] + 1e-3)
      #expect(abs(one.interval.upper - golden.upper[index]) < 5 * golden.noise[1][index] + 1e-3)
    }
  }

  @Test func `of one seed, as photos alone tell`() throws {
    let (one, two) = (
      golden.predictions(golden.first[0]), golden.predictions(golden.second[0])
    )
    let paths = golden.labels.indices.map { "\($0).jpg" }
    let paired = try PairedComparison(
      first: LabelledPhotos(one, paths: paths), second: LabelledPhotos(two, paths: paths),
      groups: golden.photoGroups)
    let found = SeededDifference.between(
      [one], [two], groups: golden.photoGroups, [.accuracy, .macroF1, .loss])
    #expect(found == [paired[.accuracy], paired[.macroF1], paired[.loss]])
  }

  /// Three lucky seeds widen what photos alone tell.
  @Test func `the luck of seeds is in it`() throws {
    func width(_ seeds: [Int]) throws -> Double {
      let found = SeededDifference.between(
        seeds.map { golden.predictions(golden.first[$0]) },
        seeds.map { golden.predictions(golden.second[$0]) }, groups: golden.photoGroups,
        [.accuracy])
      return try #require(found[0]).interval.halfWidth
    }
    #expect(try width([0, 1, 2]) > 1.2 * width([1, 1, 1]))
  }
}
