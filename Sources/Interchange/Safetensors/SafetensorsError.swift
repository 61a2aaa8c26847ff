import Files
package import Tensors

/// A safetensors file that isn't one, or not the one that was wanted.
package struct SafetensorsError: UnusableInput, Equatable, CustomStringConvertible {
  package enum Problem: Error, Equatable {
    /// Shorter than the eight bytes of the header's length, or than the header says.
    case truncated(needs: Int, has: Int)
    /// The first eight bytes ask for more than is read.
    case headerTooLong(UInt64)
    /// The header's text at a byte.
    case header(byte: Int, expected: String)
    case duplicate(String)
    case unknownType(String, tensor: String)
    /// The product of the extents, in bytes, is more than an integer holds.
    case shapeTooLarge(tensor: String)
    case size(tensor: String, needs: Int, has: Int)
    /// A tensor that begins before the one before it ends.
    case overlap(tensor: String, begins: Int, ended: Int)
    /// Bytes that belong to no tensor.
    case gap(from: Int, to: Int)
    case missing(tensor: String)
    case type(tensor: String, is: SafetensorsType, wanted: String)
    case shape(tensor: String, is: Shape, wanted: Shape)
    /// A number of a tensor, by its place, that no net can work with.
    case number(tensor: String, place: Int, Float)
    /// Tensors that a model has and the file has not, and so on; see `ModelMismatch`.
    case model(ModelMismatch)
    /// A writer was asked to finish too early.
    case unfinished(written: Int, of: Int)
  }

  package let path: String
  package let problem: Problem

  package var description: String { "\(path): \(reason)" }

  private var reason: String {
    switch problem {
    case .truncated(let needs, let has):
      "not a whole safetensors file: \(needs) bytes are needed, \(has) are there"
    case .headerTooLong(let length):
      "not a safetensors file: its first eight bytes ask for a header of \(length) bytes"
    case .header(let byte, let expected):
      "not a safetensors file: \(expected) expected at byte \(byte) of the header"
    case .duplicate(let name):
      "\(name) is there twice"
    case .unknownType(let type, let tensor):
      "\(tensor) has the unknown type \(type)"
    case .shapeTooLarge(let tensor):
      "the shape of \(tensor) is too large for any file"
    case .size(let tensor, let needs, let has):
      "the shape of \(tensor) takes \(needs) bytes, its offsets span \(has)"
    case .overlap(let tensor, let begins, let ended):
      "\(tensor) begins at byte \(begins) of the data, but the one before ends at \(ended)"
    case .gap(let from, let to):
      "bytes \(from) to \(to) of the data belong to no tensor"
    case .missing(let tensor):
      "there is no tensor \(tensor)"
    case .type(let tensor, let type, let wanted):
      "\(tensor) is \(type), not \(wanted)"
    case .shape(let tensor, let shape, let wanted):
      "\(tensor) has the shape \(shape), not \(wanted)"
    case .number(let tensor, let place, let number):
      "\(tensor) has \(number) at place \(place), which "
        + (number.isFinite ? "no variance can be" : "no net can work with")
        + ": take an earlier checkpoint"
    case .model(let mismatch):
      "not the weights of this model: \(mismatch)"
    case .unfinished(let written, let total):
      "only \(written) of \(total) bytes were written when the file was to be finished"
    }
  }
}
