import Checkpoints
import Files
import Images
import Interchange
import NeuralNetworks
import ONNX
import Pretrained
import Recipes
import Tensors

/// A trained model on its way out, with what another program needs to know to use it.
struct ExportedModel {
  let path: String
  let name: String
  let classes: [String]
  private let model: NeuralNetworks.Model
  private let weights: FlatStore
  private let channels: Int
  private let side: Int
  private let step: Int
  /// How images are made of photos.
  private let preparation: [(key: String, value: String)]

  /// Reads the weights. Throws `RecipeError`, `CheckpointError`, `SafetensorsError`.
  init(_ shared: SharedModel) throws {
    path = shared.path
    name = shared.recipe.model.name
    classes = shared.state.classes
    channels = shared.channels
    side = shared.recipe.model.imageSize
    step = shared.state.step
    model = try shared.recipe.makeModel(channels: channels, classes: classes.count)
    guard let found = shared.found else { preconditionFailure("rank 0 alone exports") }
    weights = try found.read(into: model)
    preparation = shared.recipe.preparation(channels: channels)
  }

  /// What a file says of its model, in timm's words where it has some. Lists are JSON.
  private var metadata: [(key: String, value: String)] {
    get throws {
      [("architecture", name), ("classes", try JSONText.encode(classes))] + preparation
    }
  }

  /// The models as one ONNX file. Throws `ExportError`, `ONNXError`, `TraceError`.
  static func onnx(
    _ members: [ExportedModel], _ options: ExportRun.GraphOptions, version: String
  ) throws -> [UInt8] {
    let first = members[0]
    for member in members {
      let keys = zip(first.preparation, member.preparation).filter { $0.value != $1.value }
        .map(\.0.key)
      guard keys.isEmpty else { throw ExportError.preparation(first.path, member.path, keys: keys) }
    }
    let names = Set(members.map(\.name)).sorted().joined(separator: ",")
    let metadata = try first.metadata.map { $0.key == "architecture" ? ($0.key, names) : $0 }
    return try ONNXModel(
      members.map {
        ONNXModel.Member(
          try $0.model.traced($0.weights, side: $0.side, channels: $0.channels), $0.weights)
      }, name: names, producerVersion: version, foldsNormalizations: options.foldsNormalizations,
      givesProbabilities: options.givesProbabilities, metadata: metadata
    ).bytes()
  }

  /// Writes a file of weights under PyTorch's names and in its layouts. A safetensors file says how to
  /// use them; what `torch.load` gives is a bare state dictionary.
  func writeWeights(to path: String, _ format: ExportRun.Format) throws {
    let entries = ModelTensors.entries(of: model.layout)
    if format == .torch {
      let writer = try TorchFileWriter(path: path, entries: entries)
      try ModelTensors.write(weights, updates: step, to: writer)
      try writer.finish()
    } else {
      // transformers reads no file that doesn't say what wrote its layouts.
      let pairs = try metadata + [("format", "pt")]
      let writer = try SafetensorsWriter(
        path: path, entries: entries, metadata: Dictionary(uniqueKeysWithValues: pairs))
      try ModelTensors.write(weights, updates: step, to: writer)
      try writer.finish()
    }
  }
}

extension Recipe {
  /// How images are made of photos in evaluation: the keys of timm's `pretrained_cfg`.
  fileprivate func preparation(channels: Int) -> [(key: String, value: String)] {
    let preparation = Preparation(of: self)
    let (mean, std) = Normalize(preparation.normalization).numbers(channels: channels)
    let share = preparation.crop?.share
    let side = model.imageSize
    return [
      ("input_size", "[\(channels), \(side), \(side)]"),
      ("interpolation", (preparation.interpolation ?? Resize.usualInterpolation).rawValue),
      // "squash": the whole photo to a square, whatever its proportions.
      ("crop_mode", share == nil ? "squash" : "center"), ("crop_pct", "\(share ?? 1)"),
      ("mean", "\(mean)"), ("std", "\(std)"),
    ]
  }
}
