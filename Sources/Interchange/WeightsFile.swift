import Files
package import Tensors

/// A file of named tensors open for reading, in any format that weights come in. The format is known
/// by the contents, never by the name. Opening reads and checks names, types, shapes and places; a
/// tensor's numbers are read when asked for, so that no more than one tensor need be in memory.
///
/// PyTorch's files are pickles, programs that can do anything when Python runs them. Nothing is run
/// here: see `PickleInterpreter`.
package struct WeightsFile: ~Copyable {
  package enum Format: String, Sendable {
    case safetensors
    /// PyTorch's since 1.6.
    case torch = "PyTorch"
    /// PyTorch's before 1.6.
    case torchLegacy = "PyTorch before 1.6"
  }

  package let format: Format
  /// In the file's order; names are unique.
  package let entries: [WeightsEntry]
  private let places: [String: Int]
  private let file: InputFile

  package var path: String { file.path }

  /// Throws `FileError` when the file can't be read; `WeightsFileError` or `SafetensorsError` when it
  /// isn't sound, or none of these formats.
  package init(path: String) throws {
    let file = try InputFile(path: path)
    do throws(any Error) {
      (format, entries) = try Self.contents(of: file)
    } catch let problem as WeightsFileError.Problem {
      throw WeightsFileError(path: path, problem: problem)
    }
    places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    self.file = file
  }

  private static func contents(
    of file: borrowing InputFile
  ) throws -> (Format, [WeightsEntry]) {
    let start = try file.bytes(in: 0..<min(file.size, 512))
    if start.starts(with: TorchContents.zipStart) {
      return (.torch, try TorchContents(zip: file).entries())
    }
    if start.starts(with: TorchContents.legacyStart) {
      return (.torchLegacy, try TorchContents(legacy: file).entries())
    }
    if start.count > 8, start[8] == UInt8(ascii: "{") {
      let header = try SafetensorsHeader(of: file)
      return (
        .safetensors,
        header.entries.map { WeightsEntry($0, dataStart: header.dataStart) }
      )
    }
    if start.dropFirst(257).starts(with: Array("ustar".utf8)) {
      throw WeightsFileError.Problem.unsupported(
        "a tar file, as PyTorch wrote before 0.1.10 or as a download is packed: unpack it, or let "
          + "Python load and save it again")
    }
    let text = String(decoding: start.prefix(40), as: UTF8.self)
    throw WeightsFileError.Problem.unknownFormat(begins: text)
  }

  /// The tensor of that name. Throws `WeightsFileError` when there is none.
  package func entry(named name: String) throws -> WeightsEntry {
    guard let place = places[name] else { throw error(.missing(tensor: name)) }
    return entries[place]
  }

  /// The tensor's numbers in PyTorch's order, wider or narrower floats rounded to Float. Throws
  /// `WeightsFileError` when they are no floats, `FileError`.
  package func floats(_ entry: WeightsEntry) throws -> [Float] {
    guard let floats = try file.floats(of: entry) else {
      throw error(.type(tensor: entry.name, is: entry.type, wanted: "a float"))
    }
    return floats
  }

  /// The tensor's numbers in PyTorch's order. Throws `WeightsFileError` when they aren't I64,
  /// `FileError`.
  package func integers(_ entry: WeightsEntry) throws -> [Int64] {
    guard entry.type == .i64 else {
      throw error(.type(tensor: entry.name, is: entry.type, wanted: "I64"))
    }
    return try file.numbers(of: entry) { (number: Int64) in number }
  }

  /// Reads the tensor called `name`, in PyTorch's order, to where the numbers of `entry` belong in
  /// ours. Throws when there is none, or one of another shape or type.
  package func read(
    _ name: String, as entry: FlatEntry, into destination: UnsafeMutablePointer<Float>
  ) throws {
    let source = try self.entry(named: name)
    guard source.shape == entry.torchShape else {
      throw error(.shape(tensor: name, is: source.shape, wanted: entry.torchShape))
    }
    entry.store(torchValues: try floats(source), into: destination)
  }

  private func error(_ problem: WeightsFileError.Problem) -> WeightsFileError {
    WeightsFileError(path: path, problem: problem)
  }
}
