import Checkpoints
import Images
import Interchange
import Models
import NeuralNetworks
import ONNX
import Pretrained
import Recipes
import Tensors

/// A trained model on its way out, with what another program needs to know to use it.
struct ExportedModel {
  let path: String
  private let about: ModelDescription
  private let model: NeuralNetworks.Model
  private let weights: FlatStore
  private let step: Int

  /// Reads the weights. Throws `ExportError`, `RecipeError`, `CheckpointError`, `SafetensorsError`.
  init(_ shared: SharedModel) throws {
    path = shared.path
    let steps = shared.recipe.augment.withoutRandom.filter { $0 is any PixelTransform }
    guard steps.count == 1, steps[0] is Resize else {
      throw ExportError.steps(path, steps.map { type(of: $0).word })
    }
    about = ModelDescription(
      of: shared.recipe, channels: shared.channels, classes: shared.state.classes)
    step = shared.state.step
    model = try shared.recipe.makeModel(
      channels: shared.channels, classes: shared.state.classes.count)
    guard let found = shared.found else { preconditionFailure("rank 0 alone exports") }
    weights = try found.read(shared.recipe.average.deciding, into: model)
  }

  /// The models as one ONNX file. Throws `ExportError`, `ONNXError`, `TraceError`.
  ///
  /// - Parameter mean: nil for one model alone.
  static func onnx(
    _ members: [ExportedModel], _ mean: ONNXModel.Mean?, _ options: ExportRun.GraphOptions,
    version: String
  ) throws -> [UInt8] {
    let first = members[0]
    for member in members where first.about.thresholds != member.about.thresholds {
      throw ExportError.answers(first.path, member.path)
    }
    func all(_ words: [String]) -> String { Set(words).sorted().joined(separator: ",") }
    let names = all(members.map(\.about.architecture))
    let heads = all(members.map(\.about.head.rawValue))
    let inputs = ModelInputs(of: members.map(\.about))
    let metadata = try inputs.metadata.map { key, value in
      (key, key == "architecture" ? names : key == "head" ? heads : value)
    }
    return try ONNXModel(
      members.map {
        ONNXModel.Member(
          try $0.model.traced($0.weights, side: $0.about.side, channels: $0.about.channels),
          $0.weights, input: inputs.name(for: $0.about))
      }, mean: mean, name: names, producerVersion: version,
      foldsNormalizations: options.foldsNormalizations,
      givesProbabilities: options.givesProbabilities,
      haveSeveralLabels: first.about.thresholds != nil, metadata: metadata
    ).bytes()
  }

  /// Writes a file of weights under PyTorch's names and in its layouts, which says how to use them. What
  /// `torch.load` gives is a bare state dictionary all the same.
  func writeWeights(to path: String, _ format: ExportRun.Format) throws {
    let entries = ModelTensors.entries(of: model.layout)
    let pairs = Dictionary(uniqueKeysWithValues: try about.metadata.map { ($0.key, $0.value) })
    if format == .torch {
      let writer = try TorchFileWriter(path: path, entries: entries, metadata: pairs)
      try ModelTensors.write(weights, updates: step, to: writer)
      try writer.finish()
    } else {
      // transformers reads no file that doesn't say what wrote its layouts.
      let writer = try SafetensorsWriter(
        path: path, entries: entries, metadata: pairs.merging(["format": "pt"]) { $1 })
      try ModelTensors.write(weights, updates: step, to: writer)
      try writer.finish()
    }
  }
}
