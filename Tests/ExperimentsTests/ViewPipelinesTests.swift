import Datasets
import Images
import Inference
import Recipes
import Support
import Tensors
import Testing
@testable import Experiments

/// What a net is shown of a photo when it is asked, beside torchvision (`Golden/views.py`).
@Suite struct ViewPipelinesTests {
  private static let squash = "augment=[resize, random-rotation, normalize, random-erasing]"
  private static let keep =
    "augment=[{resize: {interpolation: bicubic, crop: 0.875}}, random-horizontal-flip, normalize]"

  private func experiment(_ augment: String, _ views: String) throws -> Experiment {
    try Experiment(
      Recipe(overrides: [
        "data.path=\(Golden.path("photos"))", "model.name=cifar-resnet8", "model.image-size=16",
        augment, "evaluation.tta=\(views)",
      ]))
  }

  /// The views of a photo at a position of a list, averaged ones and the plain one.
  private func views(
    _ augment: String, _ views: String, position: Int = 0
  ) throws -> (averaged: [Image], plain: Image) {
    var pipelines = ViewPipelines(comparesPlain: true)
    let views = try pipelines.views(of: experiment(augment, views))
    let photo = try Golden.pixels("420-odd")
    let batches = pipelines.pipelines.map { Tensor(zeros: Shape([1] + $0.shape.extents)) }
    Pipeline.write(
      photo, by: pipelines.pipelines, seed: 0, epoch: 0, position: position,
      to: { batches[$0].pointer })
    let images = zip(pipelines.pipelines, batches).map { $0.image(0, of: $1) }
    return (views.averaged.map { images[$0] }, images[try #require(views.plain)])
  }

  @Test(arguments: ["squash", "keep"], ["eight", "five-crop"])
  func `views are torchvision's, at any place in the list`(kind: String, word: String) throws {
    let golden = try Golden("views")
    let augment = kind == "squash" ? Self.squash : Self.keep
    for position in word == "eight" ? [0, 1, 77] : [0] {
      let seen = try views(augment, word, position: position)
      #expect(seen.averaged.count == (word == "eight" ? 8 : 5))
      for (index, image) in seen.averaged.enumerated() where position == 0 || index > 5 {
        let expected = try golden.tensor("\(kind)/\(word)/\(index + 1)/\(position)").values
        let differences = zip(image.pixels, expected).map { abs(Float($0) - $1) }
        // Pillow interpolates warps in Double, this in Float: a whole number there may be one less here.
        let isWarped = word == "eight" && (2...5).contains(index)
        #expect(
          (differences.max() ?? 9) <= (isWarped ? 1 : 0), "\(word) \(index + 1) at \(position)")
        #expect(differences.reduce(0, +) / Float(differences.count) <= 0.02)
      }
    }
  }

  @Test func `a view that does nothing is the plain one, and made once`() throws {
    var pipelines = ViewPipelines(comparesPlain: true)
    let eight = try pipelines.views(of: experiment(Self.keep, "eight"))
    #expect(eight.averaged == Array(0..<8) && eight.plain == 0)
    let flip = try pipelines.views(of: experiment(Self.keep, "flip"))
    #expect(flip.averaged == [0, 1] && flip.plain == 0)
    let alone = try pipelines.views(of: experiment(Self.keep, "none"))
    #expect(alone.averaged == [0] && alone.plain == 0)
    let crops = try pipelines.views(of: experiment(Self.keep, "five-crop"))
    #expect(crops.averaged == Array(8..<13) && crops.plain == 0)
    let squashed = try pipelines.views(of: experiment(Self.squash, "[[]]"))
    #expect(squashed.averaged == [13] && squashed.plain == 13)
    var needed = ViewPipelines(comparesPlain: false)
    let five = try needed.views(of: experiment(Self.keep, "five-crop"))
    #expect(five.averaged == Array(0..<5) && five.plain == nil)
    let whole = try needed.views(of: experiment(Self.keep, "none"))
    #expect(whole.averaged == [5] && whole.plain == 5)
  }

  @Test func `two random views of a photo have numbers of their own`() throws {
    let jitter = "[{color-jitter: {brightness: 0.5, hue: 0.5}}]"
    let seen = try views(Self.keep, "[\(jitter), \(jitter), [{resized-crop: random}]]")
    #expect(seen.averaged[0] != seen.averaged[1])
    let again = try views(Self.keep, "[\(jitter)]")
    #expect(again.averaged[0] == seen.averaged[0])
  }

  @Test func `a view that resizes first cuts of the whole photo`() throws {
    let seen = try views(Self.squash, "[[{resize: 18}, {center-crop: 16}], [resize, random-crop]]")
    #expect(try seen.averaged[0] == views(Self.squash, "five-crop").averaged[4])
    #expect(seen.averaged[1] == seen.plain)
  }
}
