package import Tensors

/// A file of tensors being written in the order of a list that it was made with.
package protocol TensorWriter {
  /// Writes the next tensor's numbers. Throws `FileError`.
  func write<Number: SafetensorsNumber>(_ numbers: [Number]) throws
}

extension TensorWriter {
  /// Writes an entry's numbers, ours at `values`, in PyTorch's order.
  package func write(_ entry: FlatEntry, _ values: UnsafePointer<Float>) throws {
    try write(entry.torchValues(values))
  }
}
