import Files
package import Tensors

/// A file of weights that isn't one, is damaged, or holds what is not read.
package struct WeightsFileError: UnusableInput, Equatable, CustomStringConvertible {
  package enum Problem: Error, Equatable {
    /// No format that is read; its first bytes as text.
    case unknownFormat(begins: String)
    /// A format that is known by name, and why it isn't read.
    case unsupported(String)
    /// The directory of a zip file.
    case archive(String)
    /// One part of a file, by the name it has in it.
    case part(String, String)
    /// A tensor by its name.
    case tensor(String, String)
    case noTensors(String)
    case missing(tensor: String)
    case type(tensor: String, is: SafetensorsType, wanted: String)
    case shape(tensor: String, is: Shape, wanted: Shape)
    /// A file to be written that the format has no room for.
    case tooLarge(bytes: Int)
    /// A writer was asked to finish too early.
    case unfinished(written: Int, of: Int)
  }

  package let path: String
  package let problem: Problem

  package var description: String { "\(path): \(reason)" }

  private var reason: String {
    switch problem {
    case .unknownFormat(let begins):
      "neither a safetensors file nor one of PyTorch's: it begins with \"\(begins.shown)\""
    case .unsupported(let what): what
    case .archive(let reason): "not a sound zip file: \(reason)"
    case .part(let name, let reason): "\(name.shown) \(reason)"
    case .tensor(let name, let reason): "the tensor \(name.shown) \(reason)"
    case .noTensors(let found): "no dictionary of tensors in it: \(found)"
    case .missing(let tensor): "there is no tensor \(tensor)"
    case .type(let tensor, let type, let wanted):
      "\(tensor.shown) is \(type.rawValue), not \(wanted)"
    case .shape(let tensor, let shape, let wanted):
      "\(tensor.shown) has the shape \(shape), not \(wanted)"
    case .tooLarge(let bytes): "\(bytes) bytes are more than a PyTorch file of Tutti's may have"
    case .unfinished(let written, let total):
      "only \(written) of \(total) tensors were written when the file was to be finished"
    }
  }
}
