import Files
import Tensors

/// Writes a state dictionary as PyTorch does since 1.6; `torch.load(path, weights_only=True)` reads
/// it. Tensors are written whole, in the order of the list. The same list and numbers give the same
/// bytes.
package final class TorchFileWriter: TensorWriter {
  package let path: String
  private let entries: [SafetensorsEntry]
  private var zip: ZipWriter
  private var written = 0

  /// Makes the file and writes its pickle. Throws `FileError`; `WeightsFileError` when the tensors
  /// are too large for a zip file without extensions.
  ///
  /// - Parameter metadata: what `WeightsFile` is to read again; PyTorch passes over it.
  package init(
    path: String, entries: [SafetensorsEntry], metadata: [String: String] = [:]
  ) throws {
    let pickle = PickleWriter(stateDictionary: entries).bytes
    // A member takes less than 512 bytes beside its contents: two headers, its name, the padding.
    let about = metadata.isEmpty ? [] : Array(try JSONText.encode(metadata).utf8)
    let bytes = entries.reduce(pickle.count + about.count + 2048) {
      $0 + $1.shape.count * $1.type.size + 512
    }
    guard bytes <= UInt32.max, entries.count < Int(UInt16.max) - 4 else {
      throw WeightsFileError(path: path, problem: .tooLarge(bytes: bytes))
    }
    self.path = path
    self.entries = entries
    zip = try ZipWriter(path: path, expectedBytes: bytes)
    try zip.add("archive/data.pkl", pickle)
    try zip.add("archive/byteorder", Array("little".utf8))
    if !about.isEmpty { try zip.add("archive/\(TorchContents.metadataName)", about) }
  }

  /// Writes the next tensor, whose numbers these must be. Throws `FileError`.
  package func write<Number: SafetensorsNumber>(_ numbers: [Number]) throws {
    precondition(written < entries.count, "\(path): all \(entries.count) tensors were written")
    let entry = entries[written]
    precondition(
      entry.type == Number.safetensorsType && entry.shape.count == numbers.count,
      "\(numbers.count) numbers for \(entry.name) \(entry.shape)")
    try numbers.withUnsafeBytes { try zip.add("archive/data/\(written)", $0) }
    written += 1
  }

  /// Returns when the whole file is on the disk. Throws `WeightsFileError` when tensors are missing,
  /// and `FileError`.
  package func finish() throws {
    guard written == entries.count else {
      let problem = WeightsFileError.Problem.unfinished(written: written, of: entries.count)
      throw WeightsFileError(path: path, problem: problem)
    }
    try zip.add("archive/version", Array("3\n".utf8))
    try zip.finish()
  }
}
