import Files
import Foundation
import Interchange
import NeuralNetworks
import Recipes
import Support
import Tensors
import Testing
@testable import Models
@testable import Pretrained

/// Files of weights put into nets of the catalogue.
@Suite struct PretrainedWeightsTests {
  private let scratch: Scratch
  private var path: String { scratch.path + "/net.pth" }

  init() throws { scratch = try Scratch() }

  private static func model(
    _ name: String = "cifar-resnet8", channels: Int = 3, classes: Int = 4, size: Int = 32
  ) throws -> Model {
    try #require(
      ModelCatalogue.model(named: name, channels: channels, classes: classes, imageSize: size))
  }

  /// Writes a net's own first weights, under other names, and gives them.
  @discardableResult
  private func write(
    _ model: Model, without left: Set<String> = [], rename: (String) -> String = { $0 }
  ) throws -> FlatStore {
    let weights = model.initialWeights(seed: 9)
    let entries = model.layout.entries.filter { !left.contains($0.name) }
    let file = try TorchFileWriter(
      path: path, entries: entries.map { SafetensorsEntry(rename($0.name), .f32, $0.torchShape) })
    for entry in entries { try file.write(entry, weights.pointer + entry.offset) }
    try file.finish()
    return weights
  }

  private func load(
    into model: Model, named name: String = "cifar-resnet8", classes: Int = 4,
    _ loading: Recipe.Model.Loading = .strict
  ) throws -> PretrainedWeights {
    try PretrainedWeights(
      WeightsSource(path: path, averaged: true), into: model, named: name,
      classes: (0..<classes).map { "class \($0)" }, seed: 1, loading: loading)
  }

  /// The model's tensors that are not those of `weights`.
  private func others(_ loaded: PretrainedWeights, than weights: FlatStore) -> [String] {
    weights.layout.entries.filter {
      loaded.weights.tensor($0).values != weights.tensor($0).values
    }.map(\.name)
  }

  @Test func `all tensors of a net are taken`() throws {
    let model = try Self.model()
    let weights = try write(model) { "state_dict.module.\($0)" }
    let loaded = try load(into: model)
    #expect(others(loaded, than: weights).isEmpty)
    #expect(loaded.notes.contains { $0.hasPrefix("head: kept, with its 4 classes") })
  }

  @Test func `a file is looked through once, and stays the same`() throws {
    let model = try Self.model()
    let weights = try write(model)
    let source = try WeightsSource(path: path, averaged: true)
    try FileManager.default.removeItem(atPath: path)
    #expect(try source.preparation(forModel: "cifar-resnet8").isGuessed)
    let loaded = try PretrainedWeights(
      source, into: model, named: "cifar-resnet8", classes: ["a", "b", "c", "d"], seed: 1,
      loading: .strict)
    #expect(others(loaded, than: weights).isEmpty)
  }

  @Test func `raw weights can't be asked for where there are no averaged ones`() throws {
    let model = try Self.model()
    try write(model)
    #expect(throws: PretrainedError.noAverages(path)) {
      try PretrainedWeights(
        WeightsSource(path: path, averaged: false), into: model, named: "cifar-resnet8",
        classes: ["a", "b", "c", "d"], seed: 1, loading: .strict)
    }
  }

  @Test func `another number of classes gets the seed's head`() throws {
    try write(try Self.model(classes: 10))
    let model = try Self.model()
    let loaded = try load(into: model)
    #expect(others(loaded, than: model.initialWeights(seed: 1)).allSatisfy { !$0.hasPrefix("fc.") })
    #expect(others(loaded, than: model.initialWeights(seed: 9)).allSatisfy { $0.hasPrefix("fc.") })
    #expect(loaded.notes.contains("head: 10 → 4 classes, new from the seed"))
  }

  @Test
  func `what differs is listed by the file's names, unless a partial load is asked for`() throws {
    let model = try Self.model()
    try write(model, without: ["layer2.0.bn1.bias"]) { name in
      "module." + (name == "bn1.bias" ? "bn1.bonus" : name)
    }
    let error = try #require(throws: PretrainedError.self) { _ = try load(into: model) }
    #expect(error.description.contains("2 missing (module.bn1.bias, module.layer2.0.bn1.bias)"))
    #expect(error.description.contains("1 unexpected (module.bn1.bonus)"))
    #expect(error.description.contains("model.loading=partial"))

    let loaded = try load(into: model, .partial)
    #expect(loaded.notes.contains("random: module.bn1.bias, module.layer2.0.bn1.bias"))
    #expect(loaded.notes.contains("passed over: module.bn1.bonus"))
  }

  @Test func `of another net's file it is said whose it is`() throws {
    try write(try Self.model("cifar-resnet14"))
    let error = try #require(throws: PretrainedError.self) {
      _ = try load(into: try Self.model())
    }
    #expect(error.description.contains("all suit model.name=cifar-resnet14"))
  }

  @Test func `a file without any of the net's tensors is no partial load`() throws {
    try write(try Self.model()) { "other_\($0)" }
    let error = try #require(throws: PretrainedError.self) {
      _ = try load(into: try Self.model(), .partial)
    }
    #expect(error.description.hasSuffix("docs/weights.md says which files are read"))
  }

  @Test func `grey images get the sum of the channels' filters`() throws {
    let colour = try Self.model()
    let weights = try write(colour)
    let grey = try Self.model(channels: 1)
    let loaded = try load(into: grey)
    #expect(loaded.notes.contains { $0.hasPrefix("conv1.weight: from") })
    let first = try #require(grey.layout.entry(named: "conv1.weight"))
    let old = try #require(colour.layout.entry(named: "conv1.weight"))
    // [R, S, C, K]
    let source = weights.tensor(old).values
    let filters = old.shape[3]
    let sums = (0..<first.shape.count).map { place in
      (0..<3).reduce(Float(0)) {
        $0 + source[(place / filters * 3 + $1) * filters + place % filters]
      }
    }
    #expect(loaded.weights.tensor(first).values == sums)
  }

  @Test func `digits in a name are the digest's`() throws {
    try write(try Self.model())
    let digest = try Digest.hex(ofFile: path)
    let right = "\(scratch.path)/net-\(digest.prefix(8)).pth"
    let wrong = "\(scratch.path)/net-0123abcd.pth"
    for copy in [right, wrong] { try FileManager.default.copyItem(atPath: path, toPath: copy) }
    #expect(try WeightsSource(path: right, averaged: true).digest == digest)
    let error = try #require(throws: PretrainedError.self) {
      _ = try WeightsSource(path: wrong, averaged: true)
    }
    #expect(error == .digestInName(wrong, named: "0123abcd", found: digest))
    #expect(throws: PretrainedError.notThere("nowhere.pth")) {
      _ = try WeightsSource(path: "nowhere.pth", averaged: true)
    }
  }

  @Test func `position embeddings and first layers are timm's`() throws {
    let golden = try Golden("adaptation")
    let embedding = try golden.tensor("pos_embed")
    for side in [3, 7, 10, 14] {
      let expected = try golden.tensor("pos_embed.\(side)")
      let grid = try #require(PositionGrid(embedding.shape, as: expected.shape))
      #expect(largestDifference(grid.resampled(embedding), expected) < 1e-6)
    }
    #expect(PositionGrid([1, 51, 6], as: embedding.shape) == nil)
    let filters = try golden.tensor("filters")
    for channels in [1, 2, 4] {
      let expected = try golden.tensor("filters.\(channels)")
      let adapted = try #require(InputFilters(filters.shape, as: expected.shape))
      #expect(
        largestDifference(
          Tensor(adapted.adapted(filters.values), shape: expected.shape), expected) < 1e-6)
    }
  }
}
