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

  @Test(arguments: [
    ("model_ema.module.", "model."), ("ema.", ""), ("ema_model._orig_mod.", "net.module."),
  ])
  func `averaged weights beside raw ones are taken, unless the raw ones are asked for`(
    averaged: String, raw: String
  ) throws {
    let names = try Self.ours("resnet18")
    let file = names.map { raw + $0 } + names.map { averaged + $0 } + ["\(averaged)n_averaged"]
    let map = NameMap(of: names, in: file)
    #expect(map.prefix == averaged && map.other == raw && map.areAveraged)
    #expect(map.found == names.count && map.unexpected.isEmpty && map.rivals.isEmpty)
    let other = NameMap(of: names, in: file, averaged: false)
    #expect(other.prefix == raw && other.other == averaged && !other.areAveraged)
    #expect(other.unexpected.isEmpty)
  }

  @Test func `a prefix that nobody knows is taken off, if it is the only one`() throws {
    let names = try Self.ours("resnet18")
    let one = NameMap(of: names, in: names.map { "student.\($0)" } + ["loss.weight"])
    #expect(one.prefix == "student." && one.rivals.isEmpty && one.found == names.count)
    #expect(one.unexpected == ["loss.weight"] && one.other == nil)
    let two = NameMap(
      of: names, in: names.map { "teacher.\($0)" } + names.map { "student.\($0)" })
    #expect(two.rivals == ["student.", "teacher."])
    // One that is known comes before.
    let known = NameMap(of: names, in: names.map { "other.\($0)" } + names)
    #expect(known.prefix == "" && known.rivals.isEmpty)
    // Half of a net isn't found in what each of its blocks has.
    let parts = NameMap(of: names, in: names.map { "other_\($0)" })
    #expect(parts.found == 0 && parts.prefix == "")
  }

  /// Work grows with the file's names, not with their words times their prefixes.
  @Test func `a name of many words costs little`() throws {
    let names = try Self.ours("resnet18")
    let file = FileNames(names + (0..<2000).map { String(repeating: "m.", count: 250) + "\($0)" })
    #expect(NameMap(of: names, in: file).found == names.count)
  }
}
