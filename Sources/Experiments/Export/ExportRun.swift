import DataParallel
import Evaluation
import Files
package import MPI
import ONNX
import Recipes

/// One `tutti export`: a trained model, or several that are asked together, as a file for other
/// programs; the same bytes each time.
package struct ExportRun {
  package enum Format: String, CaseIterable, Sendable {
    case onnx, safetensors, torch
  }

  /// What an ONNX file is to hold.
  package struct GraphOptions: Sendable {
    /// Batch normalisations become part of the convolutions before them.
    package let foldsNormalizations: Bool
    /// The softmax (with several labels a photo, the sigmoids) of one model's logits in their place.
    package let givesProbabilities: Bool

    package init(foldsNormalizations: Bool, givesProbabilities: Bool) {
      self.foldsNormalizations = foldsNormalizations
      self.givesProbabilities = givesProbabilities
    }
  }

  /// The folders of the models' checkpoints.
  package let models: [String]
  /// What is to be known of the models.
  package let notes: [String]

  /// Writes the file, which is there whole or not at all. Collective; rank 0 does the work, and all
  /// throw if it does.
  ///
  /// - Parameters:
  ///   - paths: runs' folders, checkpoints or cross-validations; several for ONNX alone.
  ///   - settings: of how files of weights are read, as `KEY=VALUE`.
  ///   - replaces: whether a file that is there already may be replaced.
  ///   - version: of the program, for the ONNX file.
  package static func run(
    world: World, models paths: [String], settings: [String], to format: Format, output: String,
    replaces: Bool, options: GraphOptions, version: String
  ) throws -> ExportRun {
    let communicator = world.communicator
    try communicator.onFirst { try check(output, replaces: replaces) }
    let asked = try AskedModels.find(paths, settings: settings, over: communicator)
    let models = asked.models
    try communicator.onFirst {
      let members = try models.map { try ExportedModel($0) }
      switch format {
      case .onnx:
        let bytes = try ExportedModel.onnx(members, asked.mean, options, version: version)
        try FileWriting.replace(output, with: bytes)
      case .safetensors, .torch:
        if let ensemble = asked.ensemble { throw ExportError.ensemble(ensemble.path, format) }
        guard members.count == 1 else { throw ExportError.severalModels(members.count, format) }
        try FileWriting.replace(output) { try members[0].writeWeights(to: $0, format) }
      }
    }
    return ExportRun(
      models: models.map(\.path), notes: asked.notes + notesOnAnswers(of: asked))
  }

  /// Where `predict` answers otherwise than the file.
  private static func notesOnAnswers(of asked: AskedModels) -> [String] {
    let viewed = asked.models.filter { !$0.recipe.views.isEmpty }.map {
      "\($0.path) is asked about several views of a photo (evaluation.tta), which the file knows nothing of"
    }
    guard asked.ensemble == nil, Set(asked.models.map(\.recipe.evaluation.averaging)).count > 1
    else { return viewed }
    return viewed + [
      "the models' evaluation.average differ, and the file gives the mean of their probabilities"
    ]
  }

  private static func check(_ output: String, replaces: Bool) throws(ExportError) {
    guard Paths.exists(output) else {
      let folder = Paths.folder(of: output)
      if !Paths.exists(folder) { throw .noFolder(folder) }
      return
    }
    if Paths.isFolder(output) { throw .isFolder(output) }
    if !replaces { throw .exists(output) }
  }
}

extension AskedModels {
  /// How an ONNX file's models become one answer; nil for one model.
  fileprivate var mean: ONNXModel.Mean? {
    if let mix {
      return ONNXModel.Mean(
        weights: mix.weights, isOfLogits: mix.averaging == .logits, temperature: mix.temperature)
    }
    if models.count == 1 { return nil }
    return ONNXModel.Mean(
      isOfLogits: models.allSatisfy { $0.recipe.evaluation.averaging == .logits })
  }
}
