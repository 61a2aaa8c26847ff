import Checkpoints
import Interchange
import NeuralNetworks
import Recipes
import Support
import Tensors
import Testing
@testable import Models
@testable import Pretrained

/// Files of weights that are asked about photos as they are.
@Suite struct ModelOnDiskTests {
  private let scratch: Scratch
  private var path: String { scratch.path + "/net.safetensors" }

  init() throws { scratch = try Scratch() }

  /// A tensor to be written, in PyTorch's order.
  private struct Written {
    var name: String
    var shape: Shape
    var values: [Float]
  }

  /// Writes a small net's first weights after a change.
  private func write(
    channels: Int = 3, classes: Int = 4, _ change: (inout [Written]) -> Void = { _ in }
  ) throws {
    let model = try #require(
      ModelCatalogue.model(
        named: "cifar-resnet8", channels: channels, classes: classes, imageSize: 32))
    let weights = model.initialWeights(seed: 9)
    var tensors = model.layout.entries.map {
      Written(
        name: $0.name, shape: $0.torchShape, values: $0.torchValues(weights.pointer + $0.offset))
    }
    change(&tensors)
    let writer = try SafetensorsWriter(
      path: path, entries: tensors.map { SafetensorsEntry($0.name, .f32, $0.shape) })
    for tensor in tensors { try writer.write(tensor.values) }
    try writer.finish()
  }

  /// The complaint behind the path; what was found where there is none.
  private func ask(_ settings: [String] = []) throws -> (complaint: String, notes: [String]) {
    do {
      let found = try #require(ModelOnDisk.all(at: path, settings: settings).first)
      let recipe = try Recipe(found.summary.recipe)
      let model = try recipe.makeModel(channels: 3, classes: found.summary.state.classes.count)
      _ = try found.read(.raw, into: model)
      return ("", found.summary.notes)
    } catch {
      return ("\(error)".replacing(path, with: "PATH"), [])
    }
  }

  @Test func `a net is taken for what it is`() throws {
    for prefix in ["", "module.", "student."] {
      try write { for index in $0.indices { $0[index].name = prefix + $0[index].name } }
      let found = try ask()
      #expect(found.complaint == "")
      #expect(
        found.notes == [
          "\(path) is taken for cifar-resnet8, with 4 numbered classes, for photos of 32 pixels: "
            + "mean [0.485, 0.456, 0.406], std [0.229, 0.224, 0.225], bicubic, crop 0.875"
        ])
    }
  }

  @Test func `what is nearly a net is told what would make it fit`() throws {
    try write { $0.append(Written(name: "loss.weight", shape: [2], values: [1, 2])) }
    #expect(
      try ask().complaint
        == "PATH is nearly cifar-resnet8: 1 unexpected (loss.weight); let Python leave the unexpected "
        + "out of the file, or pass over them with --set model.loading=partial")
    #expect(try ask(["model.loading=partial"]).complaint == "")

    for channels in [1, 4] {
      try write(channels: channels)
      let complaint = try ask().complaint
      #expect(
        complaint.contains(
          "(conv1.weight is [16, \(channels), 3, 3], wanted [16, 3, 3, 3]); its images have \(channels) "
            + "channel\(channels == 1 ? "" : "s") and photos 3: train on from it with "
            + "model.weights=PATH"))
    }

    try write { $0.removeAll { $0.name == "layer2.0.bn1.bias" } }
    #expect(try ask().complaint.contains("is nearly cifar-resnet8: 1 missing (layer2.0.bn1.bias)"))
    #expect(try ask(["model.loading=partial"]).complaint.contains("1 missing"))

    try write { tensors in
      let others = tensors
      for index in tensors.indices { tensors[index].name = "student." + others[index].name }
      tensors += others.map {
        Written(name: "teacher." + $0.name, shape: $0.shape, values: $0.values)
      }
    }
    #expect(
      try ask().complaint
        == "PATH has the tensors of cifar-resnet8 several times, below student., teacher.; keep one of "
        + "them in the file")

    try write { for index in $0.indices { $0[index].name = "t\(index)" } }
    #expect(try ask().complaint.contains("suit none of the nets here"))
  }

  @Test func `averaged weights beside raw ones are taken, and it is said`() throws {
    try write { tensors in
      for tensor in tensors {
        tensors.append(
          Written(
            name: "ema.module.\(tensor.name)", shape: tensor.shape,
            values: tensor.values.map { $0 + 1 }))
      }
    }
    for (settings, difference) in [
      ([], 1), (["model.averaged=false"], 0), (["model.averaged = false"], 0),
    ] as [([String], Float)] {
      let found = try #require(ModelOnDisk.all(at: path, settings: settings).first)
      let model = try #require(
        ModelCatalogue.model(named: "cifar-resnet8", channels: 3, classes: 4, imageSize: 32))
      let read = try found.read(.raw, into: model)
      let first = model.layout.entries[0]
      let raw = model.initialWeights(seed: 9).tensor(first).values
      #expect(read.tensor(first).values == raw.map { $0 + difference })
    }
    let notes = try ask().notes
    #expect(
      notes.last
        == "the averaged weights (ema.module.…) are taken; model.averaged=false takes the raw ones (…)"
    )
  }

  /// Heads over no features, of no outputs, and of one.
  @Test(arguments: [
    ([1_000_000_000, 0], "is cifar-resnet8 without a head"),
    ([0, 64], "is cifar-resnet8 without a head"), ([0, 0], "is cifar-resnet8 without a head"),
    ([64], "is cifar-resnet8 without a head"),
    ([1, 64], "is cifar-resnet8 with a single output"),
  ])
  func `a head that tells no classes apart is refused`(extents: [Int], reason: String) throws {
    try write { tensors in
      tensors.removeAll { $0.name.hasPrefix("fc.") }
      let shape = Shape(extents)
      tensors.append(
        Written(
          name: "fc.weight", shape: shape, values: [Float](repeating: 0, count: shape.count)))
      tensors.append(Written(name: "fc.bias", shape: [1], values: [0]))
    }
    #expect(try ask().complaint.hasPrefix("PATH \(reason)"))
  }

  /// It would be drawn from the seed otherwise, and answers given by it.
  @Test func `a head without its bias is none`() throws {
    try write { $0.removeAll { $0.name == "fc.bias" } }
    #expect(try ask().complaint.hasPrefix("PATH is cifar-resnet8 without a head"))
  }

  @Test(arguments: [
    ("layer1.0.conv1.weight", Float.nan, "nan"), ("fc.bias", .infinity, "inf"),
    ("layer3.0.bn2.running_var", -0.5, "-0.5"),
  ])
  func `numbers that no net can work with are refused by the tensor's name`(
    name: String, number: Float, text: String
  ) throws {
    try write { tensors in
      for index in tensors.indices where tensors[index].name == name {
        tensors[index].values[1] = number
      }
    }
    #expect(try ask().complaint.hasPrefix("PATH: the tensor \(name) has \(text) at place 1, which"))
  }

  @Test func `timm's JSON names classes and the size of photos`() throws {
    try write()
    try scratch.write(
      #"{"label_names": ["a", "b", "c", "d"], "pretrained_cfg": {"input_size": [3, 48, 48]}}"#,
      to: "net.json")
    let found = try #require(ModelOnDisk.all(at: path).first)
    #expect(found.summary.state.classes == ["a", "b", "c", "d"])
    #expect(try Recipe(found.summary.recipe).model.imageSize == 48)
    #expect(
      found.summary.notes.first?.contains("with 4 classes, for photos of 48 pixels: mean") == true)
  }
}
