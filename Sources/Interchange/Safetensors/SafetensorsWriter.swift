import Files

/// Writes a safetensors file front to back: the header at once, then each tensor's numbers in the
/// order of the list, whole or in pieces. The same list and numbers give the same bytes.
///
/// The list must have wider numbers before narrower ones (I64 before F32), as in the files that
/// Python writes, so that every tensor is aligned.
package final class SafetensorsWriter: TensorWriter {
  /// With their places in the file.
  package let entries: [SafetensorsEntry]
  package let path: String
  /// Sees all bytes in order, to make a digest.
  private let observe: (UnsafeRawBufferPointer) -> Void
  private let file: OutputFile
  private let dataBytes: Int
  private var written = 0
  /// The tensor that the next number belongs to.
  private var current = 0

  /// Makes the file and writes its header. Throws `FileError`.
  package init(
    path: String, entries: [SafetensorsEntry], metadata: [String: String] = [:],
    observe: @escaping (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws {
    let header = SafetensorsHeader(placing: entries, metadata: metadata)
    let text = header.encoded
    self.entries = header.entries
    self.path = path
    self.observe = observe
    dataBytes = header.dataBytes
    file = try OutputFile(path: path, expectedBytes: text.count + dataBytes)
    try text.withUnsafeBytes { try append($0) }
  }

  /// Writes the next numbers of the current tensor, which must have their type and room for them.
  /// Throws `FileError`.
  package func write<Number: SafetensorsNumber>(_ numbers: UnsafeBufferPointer<Number>) throws {
    if numbers.isEmpty { return }
    while current < entries.count, entries[current].range.upperBound <= written { current += 1 }
    let bytes = UnsafeRawBufferPointer(numbers)
    precondition(current < entries.count, "\(path): all \(entries.count) tensors were written")
    let entry = entries[current]
    precondition(entry.type == Number.safetensorsType, "\(entry.name) is \(entry.type)")
    precondition(
      written + bytes.count <= entry.range.upperBound, "too many numbers for \(entry.name)")
    try append(bytes)
    written += bytes.count
  }

  package func write<Number: SafetensorsNumber>(_ numbers: [Number]) throws {
    try numbers.withUnsafeBufferPointer { try write($0) }
  }

  private func append(_ bytes: UnsafeRawBufferPointer) throws {
    try file.write(bytes)
    observe(bytes)
  }

  /// Returns when the whole file is on the disk. Throws `SafetensorsError` when numbers are
  /// missing, and `FileError`.
  package func finish() throws {
    guard written == dataBytes else {
      throw SafetensorsError(path: path, problem: .unfinished(written: written, of: dataBytes))
    }
    try file.sync()
  }
}
