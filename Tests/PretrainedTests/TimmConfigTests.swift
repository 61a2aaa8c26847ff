import Files
import Glibc
import Images
import Recipes
import Support
import Tensors
import Testing
@testable import Pretrained

@Suite struct TimmConfigTests {
  private static let timm =
    #"{"mean": [0.5, 0.25, 0.125], "std": [0.5, 0.5, 0.5], "interpolation": "bicubic", "crop_pct": 0.95}"#
  private static let described =
    "mean [0.5, 0.25, 0.125], std [0.5, 0.5, 0.5], bicubic, crop 0.95"

  /// What the JSON of these words says, put beside `a.pth`.
  private func read(_ json: String, _ scratch: Scratch) throws -> TimmConfig? {
    try scratch.write(json, to: "a.json")
    return try TimmConfig(besides: "\(scratch.path)/a.pth")
  }

  @Test(arguments: [
    (
      "model.safetensors", "config.json",
      #"{"architecture": "resnet18", "pretrained_cfg": \#(timm)}"#, described
    ),
    ("a1.b.pth", "a1.b.json", timm, described),
    ("a1.pth", "config.json", timm, nil),
    ("model.safetensors", "config.json", #"{"model_type": "vit"}"#, nil),
    ("model.safetensors", "config.json", "[1, 2]", nil),
    // What isn't said is as timm takes it to be.
    (
      "a1.pth", "a1.json", #"{"pretrained_cfg": {}}"#,
      "mean [0.485, 0.456, 0.406], std [0.229, 0.224, 0.225], bicubic, crop 0.875"
    ),
  ])
  func `timm's JSON beside the file tells`(
    weights: String, name: String, json: String, expected: String?
  ) throws {
    let scratch = try Scratch()
    try scratch.write(json, to: name)
    let found = try TimmConfig(besides: "\(scratch.path)/\(weights)")
    #expect(found?.preparation.description == expected)
  }

  @Test func `every field that changes pixels counts`() throws {
    let scratch = try Scratch()
    let json = """
      {"pretrained_cfg": {"input_size": [3, 384, 384], "crop_mode": "squash", "crop_pct": 1.0,
       "interpolation": "bilinear", "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25],
       "fixed_input_size": true, "tag": "augreg_in21k_ft_in1k", "num_classes": 1000}}
      """
    let config = try #require(try read(json, scratch))
    #expect(
      config.preparation
        == Preparation(
          .fixed(mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]), .bilinear, crop: Resize.Crop.none,
          side: 384))
    #expect(config.isOfImageNet && config.classes == nil)
    let named = try read(
      #"{"label_names": ["a", "b"], "pretrained_cfg": {"tag": "mine"}}"#, scratch)
    #expect(named?.classes == ["a", "b"] && named?.isOfImageNet == false)
  }

  @Test func `a border is a padding with the mean colour`() throws {
    let json = """
      {"pretrained_cfg": {"crop_mode": "border", "crop_pct": 1.0, "mean": [0.485, 0.456, 0.406]}}
      """
    let config = try #require(try read(json, try Scratch()))
    #expect(config.preparation.crop == .pad(FillColour([124, 116, 104])))
  }

  @Test(arguments: [
    (#""bicubic""#, #""lanczos""#, "interpolation lanczos"), ("0.95", "1.5", "crop_pct 1.5"),
    ("[0.5, 0.5, 0.5]", "[0, 1, 1]", "mean [0.5, 0.25, 0.125], std [0.0, 1.0, 1.0]"),
    ("0.95", #"0.95, "crop_mode": "squash""#, "crop_mode squash with crop_pct 0.95"),
    ("0.95", #"0.95, "crop_mode": "border""#, "crop_mode border with crop_pct 0.95"),
    ("0.95", #"0.95, "input_size": [3, 224, 192]"#, "input_size [3, 224, 192]"),
    ("0.95", #"0.95, "input_size": [1, 224, 224]"#, "input_size [1, 224, 224]"),
    ("0.95", #"0.95, "input_size": [3, 2048, 2048]"#, "input_size [3, 2048, 2048]"),
  ])
  func `what can't be done is refused`(old: String, new: String, what: String) throws {
    let scratch = try Scratch()
    #expect(throws: PretrainedError.config("\(scratch.path)/a.json", what)) {
      _ = try read(Self.timm.replacing(old, with: new), scratch)
    }
  }

  @Test(arguments: [
    ("{", "it is no JSON, as when a download was cut off"),
    (timm.replacing("0.95", with: #""much""#), "crop_pct is of another kind"),
    (#"{"pretrained_cfg": {"mean": 3}}"#, "pretrained_cfg.mean is of another kind"),
    (#"{"pretrained_cfg": [], "mean": 3}"#, "pretrained_cfg is of another kind"),
  ])
  func `a damaged JSON is no missing one`(json: String, reason: String) throws {
    let scratch = try Scratch()
    #expect(throws: PretrainedError.damagedConfig("\(scratch.path)/a.json", reason)) {
      _ = try read(json, scratch)
    }
  }

  @Test func `a JSON without end isn't read`() throws {
    let scratch = try Scratch()
    try scratch.write("{", to: "a.json")
    #expect(truncate("\(scratch.path)/a.json", 1 << 40) == 0)
    #expect(throws: OverlongFile.self) { _ = try TimmConfig(besides: "\(scratch.path)/a.pth") }
  }
}
