import Files

/// Why a model isn't exported.
package enum ExportError: UnusableInput, Equatable, CustomStringConvertible {
  case exists(String)
  case isFolder(String)
  /// Where the file is to lie.
  case noFolder(String)
  case severalModels(Int, ExportRun.Format)
  /// An ensemble, whose weights and temperature only a graph can have.
  case ensemble(String, ExportRun.Format)
  /// Two members whose outputs mean something else.
  case answers(String, String)
  /// A model whose photos go through more than one step that changes pixels.
  case steps(String, [String])

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
    case .ensemble(let path, let format):
      "\(path) is an ensemble, and a \(format.rawValue) file holds the weights of one model; take --to onnx, which has "
        + "room for its weights and temperature, or export a member"
    case .answers(let one, let other):
      "\(one) and \(other) have other data.labels or evaluation.thresholds, and an ONNX file has one output; "
        + "export each into a file of its own"
    case .steps(let path, let words):
      "\(path) makes images of photos by \(words.joined(separator: " and ")), which an exported file "
        + "can't say; it knows one resize, with or without a crop"
    }
  }
}
