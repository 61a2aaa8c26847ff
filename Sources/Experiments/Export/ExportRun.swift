import Checkpoints
import Glibc
import Interchange
package import MPI
import NeuralNetworks
import ONNX
import Tensors

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
    /// The softmax of one model's logits in their place.
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
  ///   - replaces: whether a file that is there already may be replaced.
  ///   - version: of the program, for the ONNX file.
  package init(
    world: World, models paths: [String], to format: Format, output: String, replaces: Bool,
    options: GraphOptions, version: String
  ) throws {
    let communicator = world.communicator
    func alone(_ body: () throws -> Void) throws {
      try communicator.agree(isShared: true) { if communicator.rank == 0 { try body() } }
    }
    try alone { try Self.check(output, replaces: replaces) }
    let models = try SharedModel.find(paths, settings: [], over: communicator)
    try alone {
      let members = try models.map { try ExportedModel($0) }
      switch format {
      case .onnx:
        let bytes = try ExportedModel.onnx(members, options, version: version)
        try FileWriting.replace(output, with: bytes)
      case .safetensors, .torch:
        guard members.count == 1 else { throw ExportError.severalModels(members.count, format) }
        try FileWriting.replace(output) { try members[0].writeWeights(to: $0, format) }
      }
    }
    self.models = models.map(\.path)
    notes = models.compactMap(\.note)
  }

  private static func check(_ output: String, replaces: Bool) throws(ExportError) {
    var status = stat()
    guard stat(output, &status) == 0 else {
      let folder = FileWriting.parent(of: output)
      if access(folder, F_OK) != 0 { throw .noFolder(folder) }
      return
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isFolder(output) }
    if !replaces { throw .exists(output) }
  }
}

/// Why a model isn't exported.
package enum ExportError: Error, Equatable, CustomStringConvertible {
  case exists(String)
  case isFolder(String)
  /// Where the file is to lie.
  case noFolder(String)
  case severalModels(Int, ExportRun.Format)
  /// Two members whose images are made otherwise, and in what.
  case preparation(String, String, keys: [String])

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another file with --output, or add --force to replace it"
    case .isFolder(let path):
      "\(path) is a folder; name a file with --output, e.g. \(path)/model.onnx"
    case .noFolder(let path):
      "\(path): there is no such folder; make it, or name a file elsewhere with --output"
    case .severalModels(let count, let format):
      "a \(format.rawValue) file holds the weights of one model, and these are \(count); export them "
        + "one by one (a cross-validation's are its folds/fold-0 and so on), or all into one file "
        + "with --to onnx"
    case .preparation(let one, let other, let keys):
      "\(one) and \(other) want their images made differently (\(keys.joined(separator: ", "))), and "
        + "an ONNX file has one input; export each into a file of its own"
    }
  }
}
