import Models
import NeuralNetworks
import Tensors
import Testing

@Suite struct ParameterPatternTests {
  func model(_ name: String, _ head: Head = .plain) throws -> Model {
    try #require(
      ModelCatalogue.model(named: name, channels: 3, classes: 5, imageSize: 32, head: head))
  }

  @Test(arguments: [
    ("layer1.0.conv1.weight", ["layer1.0.conv1.weight"]),
    ("layer1.0.conv1", ["layer1.0.conv1.weight"]),
    ("conv1", ["conv1.weight"]),
    ("layer1.*.conv1", ["layer1.0.conv1.weight"]),
    (
      "layer3.0.downsample.1.*",
      ["weight", "bias", "running_mean", "running_var"].map {
        "layer3.0.downsample.1.\($0)"
      }
    ),
    (
      "*.bias",
      [
        "bn1.bias", "layer1.0.bn1.bias", "layer1.0.bn2.bias", "layer2.0.bn1.bias",
        "layer2.0.bn2.bias", "layer2.0.downsample.1.bias", "layer3.0.bn1.bias", "layer3.0.bn2.bias",
        "layer3.0.downsample.1.bias", "fc.bias",
      ]
    ),
    ("stem", ["conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"]),
    ("head", ["fc.weight", "fc.bias"]),
    ("layer", []), ("conv", []), ("layer1.0.conv", []), ("onv1", []), ("", []),
  ])
  func `a pattern is the parameters at and below its place`(
    _ pattern: String, _ expected: [String]
  ) throws {
    #expect(ParameterPattern(pattern).names(in: try model("cifar-resnet8")) == expected)
  }

  @Test func `body and head are everything`() throws {
    for head in Head.allCases {
      let model = try model("cifar-resnet8", head)
      let body = ParameterPattern("body").names(in: model)
      let head = ParameterPattern("head").names(in: model)
      #expect(head.allSatisfy { $0.hasPrefix("fc.") || $0.hasPrefix("attn_pool.") })
      #expect(Set(body + head) == Set(model.layout.entries.map(\.name)))
      #expect(body.count + head.count == model.layout.entries.count)
    }
  }

  /// timm's numbers, by its `group_matcher`.
  @Test(arguments: [
    (
      "resnet18", 9,
      [
        "conv1.weight": 0, "bn1.running_var": 0, "layer1.0.bn1.bias": 1,
        "layer2.0.downsample.0.weight": 3, "layer4.1.bn2.running_mean": 8, "fc.weight": 9,
      ]
    ),
    (
      "efficientnet-b0", 17,
      [
        "conv_stem.weight": 0, "bn1.bias": 0, "blocks.0.0.bn1.weight": 1,
        "blocks.1.1.conv_pw.weight": 3, "blocks.6.0.se.conv_reduce.bias": 16,
        "conv_head.weight": 17,
        "bn2.running_mean": 17, "classifier.bias": 17,
      ]
    ),
    (
      "vit-ti16", 13,
      [
        "cls_token": 0, "pos_embed": 0, "patch_embed.proj.weight": 0,
        "blocks.0.norm1.weight": 1, "blocks.11.mlp.fc2.bias": 12, "norm.weight": 13,
        "head.bias": 13,
      ]
    ),
    (
      "convnext-tiny", 19,
      [
        "stem.1.bias": 0, "stages.0.blocks.2.gamma": 3, "stages.1.downsample.1.weight": 4,
        "stages.1.blocks.0.norm.weight": 4, "stages.3.blocks.2.mlp.fc1.weight": 18,
        "head.norm.weight": 19, "head.fc.bias": 19,
      ]
    ),
  ])
  func `depths are those of the blocks`(
    _ name: String, _ last: Int, _ expected: [String: Int]
  ) throws {
    let depths = try model(name).layerDepths
    #expect(depths.last == last)
    for (name, depth) in expected { #expect(depths.of[name] == depth, "\(name)") }
  }

  @Test func `a head with numbers is no block`() throws {
    let depths = try model("resnet18", .regularised).layerDepths
    #expect(depths.last == 9)
    #expect(depths.of["fc.0.weight"] == 9 && depths.of["fc.6.bias"] == 9)
  }
}
