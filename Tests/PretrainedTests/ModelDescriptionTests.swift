import Interchange
import Models
import Recipes
import Support
import Tensors
import Testing
@testable import Pretrained

@Suite struct ModelDescriptionTests {
  private static let description: ModelDescription? = try? ModelDescription(
    of: Recipe(overrides: [
      "model.name=cifar-resnet14", "model.image-size=40", "model.head=regularised",
      "augment=[{resize: {interpolation: bicubic, crop: 0.9}}, random-horizontal-flip, {normalize: {mean: [0.4, 0.485, 0.1], std: [0.3, 0.229, 0.2]}}]",
    ]), channels: 3, classes: ["a, b", "\"c\""])

  /// What a file of one tensor says of itself.
  private func read(
    _ metadata: [String: String], _ path: String
  ) throws -> ModelDescription? {
    let writer = try SafetensorsWriter(
      path: path, entries: [SafetensorsEntry("w", .f32, [1])], metadata: metadata)
    try writer.write([Float(1)])
    try writer.finish()
    return try ModelDescription(in: WeightsFile(path: path))
  }

  @Test func `what is written is read again`() throws {
    let description = try #require(Self.description)
    let pairs = Dictionary(
      uniqueKeysWithValues: try description.metadata.map { ($0.key, $0.value) })
    let scratch = try Scratch()
    let path = scratch.path + "/a.safetensors"
    #expect(try read(pairs, path) == description)
    #expect(
      description.preparation.description
        == "mean [0.4, 0.485, 0.1], std [0.3, 0.229, 0.2], bicubic, crop 0.9")
    #expect(description.preparation.side == 40)
    // Of earlier versions, and of other programs.
    let old = try read(pairs.filter { $0.key != "head" }, path)
    #expect(old?.head == .plain)
    #expect(try read(["format": "pt"], path) == nil)
  }

  @Test func `a padding is told as timm's border, with its fill`() throws {
    let description = try ModelDescription(
      of: Recipe(overrides: ["augment=[{resize: {crop: pad, fill: 7}}, normalize]"]), channels: 3,
      classes: ["a", "b"])
    var pairs = Dictionary(
      uniqueKeysWithValues: try description.metadata.map { ($0.key, $0.value) })
    #expect(pairs["crop_mode"] == "border" && pairs["crop_pct"] == "1.0")
    #expect(pairs["fill"] == "[7.0]")
    let scratch = try Scratch()
    let path = scratch.path + "/a.safetensors"
    #expect(try read(pairs, path) == description)
    for fill in ["[300]", "[1, 2]", "red"] {
      pairs["fill"] = fill
      #expect(throws: PretrainedError.description(path, key: "fill", value: fill)) {
        _ = try read(pairs, path)
      }
    }
    pairs["fill"] = nil
    #expect(throws: PretrainedError.description(path, key: "fill", value: "")) {
      _ = try read(pairs, path)
    }
  }

  @Test(arguments: [
    ("architecture", "resnet81"), ("head", "round"), ("classes", "[\"a\"]"),
    ("classes", "[\"a\", \"a\"]"), ("classes", "a, b"), ("input_size", "[3, 32]"),
    ("input_size", "[3, 32, 48]"), ("input_size", "[3, 1000000, 1000000]"),
    ("interpolation", "lanczos"), ("crop_pct", "0"), ("crop_pct", "nan"), ("crop_mode", "round"),
    ("mean", "[0.5]"),
    ("mean", "[0.5, 0.5, 2]"), ("std", "[0, 1, 1]"),
  ])
  func `what can't be so is refused`(key: String, value: String) throws {
    let description = try #require(Self.description)
    var pairs = Dictionary(
      uniqueKeysWithValues: try description.metadata.map { ($0.key, $0.value) })
    pairs[key] = value
    let scratch = try Scratch()
    let path = scratch.path + "/a.safetensors"
    #expect(throws: PretrainedError.description(path, key: key, value: value)) {
      _ = try read(pairs, path)
    }
  }
}
