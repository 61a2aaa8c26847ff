import Foundation
import NeuralNetworks
import Tensors
import Testing
@testable import Models

/// Names in other people's files, against those of torchvision, timm and efficientnet_pytorch
/// themselves.
@Suite struct NamingTests {
  /// Shapes by name, by library, by net; see Tests/Golden/adaptation.py.
  private typealias Nets = [String: [String: [String: [Int]]]]

  private static func nets() throws -> Nets {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/names.json")
    return try JSONDecoder().decode(Nets.self, from: Data(contentsOf: golden))
  }

  private static func ours(_ name: String) throws -> [String] {
    try #require(
      ModelCatalogue.model(named: name, channels: 3, classes: 1000, imageSize: 224)
    ).layout.entries.map(\.name)
  }

  @Test(
    arguments: [
      ("efficientnet-lite0", "efficientnet_pytorch"), ("efficientnet-b0", "torchvision"),
      ("convnext-tiny", "torchvision"), ("vit-b16", "torchvision"),
    ], ["", "module.", "module.model."])
  func `every tensor has its counterpart of the same size`(
    _ net: (name: String, library: String), prefix: String
  ) throws {
    let shapes = try #require(try Self.nets()[net.name]?[net.library])
    let model = try #require(
      ModelCatalogue.model(named: net.name, channels: 3, classes: 1000, imageSize: 224))
    let counts = shapes.keys.map { prefix + $0 + ".num_batches_tracked" }
    let map = NameMap(
      of: model.layout.entries.map(\.name), in: shapes.keys.sorted().map { prefix + $0 } + counts)
    #expect(map.naming.library == net.library)
    #expect(map.prefix == prefix)
    #expect(map.unexpected.isEmpty)
    #expect(map.found == shapes.count)
    for entry in model.layout.entries {
      let theirs = try #require(map.names[entry.name])
      #expect(
        shapes[String(theirs.dropFirst(prefix.count))].map(axes) == axes(entry.shape.extents),
        "\(entry.name) is \(theirs)")
    }
  }

  /// In an order that both have: PyTorch's layouts are others than ours.
  private func axes(_ extents: [Int]) -> [Int] { extents.filter { $0 != 1 }.sorted() }

  @Test func `our own names are their own`() throws {
    let names = try Self.ours("resnet50")
    let map = NameMap(of: names, in: names)
    #expect(map.names == Dictionary(uniqueKeysWithValues: names.map { ($0, $0) }))
    #expect(map.found == names.count)
  }

  @Test func `nets that pad as TensorFlow does are not taken for ours`() throws {
    let names = try Self.ours("efficientnet-b0")
    let map = NameMap(of: names, in: ["_conv_stem.weight", "_bn0.weight", "_fc.bias"])
    #expect(map.found == 0)
    #expect(map.unexpected.count == 3)
  }

  @Test func `what isn't the net's is listed by the file's names`() throws {
    let names = try Self.ours("resnet18")
    let file = ["model.extra", "epoch"] + names.dropFirst(3).map { "model.\($0)" }
    let map = NameMap(of: names, in: file)
    #expect(map.prefix == "model.")
    #expect(map.unexpected == ["model.extra", "epoch"])
    #expect(map.found == names.count - 3)
    #expect(map.name(of: "fc.weight") == "model.fc.weight")
  }
}
