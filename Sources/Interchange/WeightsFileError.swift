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
    /// A part of a zip file that isn't what was written there.
    case damaged(part: String, checksum: UInt32, wanted: UInt32)
    /// A number of a tensor, by its place, that no net can work with.
    case number(tensor: String, place: Int, Float)
    case tooManyTensors(limit: Int)
    /// A file whose length is no model's.
    case tooLong(bytes: Int, limit: Int)
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
    case .damaged(let part, let checksum, let wanted):
      "\(part.shown) is damaged: its CRC-32 is \(String(checksum, radix: 16)), and was "
        + "\(String(wanted, radix: 16)) when the file was written; fetch or copy it again"
    case .number(let tensor, let place, let number):
      "the tensor \(tensor.shown) has \(number) at place \(place), which "
        + (number.isFinite ? "no variance can be" : "no net can work with")
        + ": a damaged file, or a training that diverged; take an earlier checkpoint"
    case .tooManyTensors(let limit): "it has more than \(limit) tensors, which no model has"
    case .tooLong(let bytes, let limit):
      "\(bytes) bytes are more than any model's file has (\(limit)); is it the right one?"
    case .missing(let tensor): "there is no tensor \(tensor.shown)"
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
