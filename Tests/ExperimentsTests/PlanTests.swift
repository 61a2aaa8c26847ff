import Datasets
import Recipes
import Testing

@testable import Experiments

/// No batch norm may have a single value of a channel to normalise.
@Suite struct PlanTests {
  private func lengths(_ experiment: Experiment, photos: Int) throws -> [[Int]] {
    let plan = try experiment.plan(ofPhotos: photos)
    return plan.steps.map { plan.microBatches(of: $0).map(\.count) }
  }

  @Test func `a net whose maps have several values is cut as ever`() throws {
    let own = try experimentOfTwoClasses("model.name=cifar-resnet8", "model.image-size=8")
    #expect(try lengths(own, photos: 3) == [[1, 2]])
  }

  @Test(arguments: [
    ["model.head=regularised", "model.name=cifar-resnet8", "model.image-size=8"],
    // Its last map is 1 × 1.
    ["model.name=mobilenetv3-small", "model.image-size=32"],
  ])
  func `a batch norm with one value of each photo gets two photos or more`(
    settings: [String]
  ) throws {
    let own = try experimentOfTwoClasses(settings[0], settings[1], settings.last ?? "")
    #expect(try lengths(own, photos: 3) == [[3]])
    #expect(try lengths(own, photos: 9) == [[2, 2, 2, 3]])
    #expect(try lengths(own, photos: 8) == [[2, 2, 2, 2]])
    let error = #expect(throws: RecipeError.self) { try own.plan(ofPhotos: 1) }
    #expect("\(error as Any)".contains("alone in its micro-batch; give it more photos"))
  }

  /// Of 64 pixels its last map is 2 × 2, of 32 it is 1 × 1.
  @Test func `small photos of a few epochs count, too`() throws {
    let settings = ["model.name=mobilenetv3-small", "model.image-size=64"]
    let sizes = "resize-schedule=[{from-epoch: 0, size: 32}, {from-epoch: 1, size: 64}]"
    #expect(
      try lengths(experimentOfTwoClasses(settings[0], settings[1]), photos: 3) == [[1, 2]])
    #expect(
      try lengths(experimentOfTwoClasses(settings[0], settings[1], sizes), photos: 3) == [[3]])
  }

  @Test func `at a micro-batch of one such a net is refused, unless its statistics are frozen`()
    throws
  {
    let settings = [
      "model.name=mobilenetv3-small", "model.image-size=32", "training.micro-batch=1",
    ]
    let own = try experimentOfTwoClasses(settings[0], settings[1], settings[2])
    let error = #expect(throws: RecipeError.self) { try own.plan(ofPhotos: 20) }
    #expect("\(error as Any)".contains("training.micro-batch"))
    #expect("\(error as Any)".contains("set it to 2 or more"))
    let frozen = try experimentOfTwoClasses(
      settings[0], settings[1], settings[2], "fine-tuning.batch-norm=frozen")
    #expect(try lengths(frozen, photos: 2) == [[1, 1]])
    let later = try experimentOfTwoClasses(
      settings[0], settings[1], settings[2], "fine-tuning.freeze=[body]",
      "fine-tuning.freeze-epochs=1")
    #expect(throws: RecipeError.self) { try later.plan(ofPhotos: 20) }
  }
}
