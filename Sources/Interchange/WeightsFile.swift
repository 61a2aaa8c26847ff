import Files
package import Tensors

/// A file of named tensors open for reading, in any format that weights come in. The format is known
/// by the contents, never by the name. Opening reads and checks names, types, shapes and places; a
/// tensor's numbers are read when asked for, so that no more than one tensor need be in memory. All who need
/// to know of a file share it, so that it is one file that they know, and is looked through once.
///
/// PyTorch's files are pickles, programs that can do anything when Python runs them. Nothing is run
/// here: see `PickleInterpreter`.
package final class WeightsFile {
  package enum Format: String, Sendable {
    case safetensors
    /// PyTorch's since 1.6.
    case torch = "PyTorch"
    /// PyTorch's before 1.6.
    case torchLegacy = "PyTorch before 1.6"
  }

  /// Bytes that a file may have: a checkpoint of the largest net here takes two gigabytes, with its
  /// averages and its optimizer's moments.
  static let sizeLimit = 1 << 33
  /// Tensors of a state dictionary: twenty times those of any net here.
  static let tensorLimit = 20_000

  package let format: Format
  /// In the file's order; names are unique.
  package let entries: [WeightsEntry]
  /// What the file says of itself: that of Tutti's exports, and of any safetensors file.
  package let metadata: [String: String]
  /// Whether averaged weights were asked for where the file has raw ones as well.
  package let prefersAverages: Bool
  /// Whether it has both, in dictionaries of their own.
  package let hasAverages: Bool
  /// What is to be known of how its tensors were chosen, a sentence for each.
  package let notes: [String]
  private let places: [String: Int]
  private let file: InputFile

  package var path: String { file.path }

  /// Throws `FileError` when the file can't be read; `WeightsFileError` or `SafetensorsError` when it
  /// isn't sound, or none of these formats.
  ///
  /// - Parameter averaged: whether averaged weights are taken where the file has raw ones as well.
  package init(path: String, averaged: Bool = true) throws {
    let file = try InputFile(path: path)
    let contents: Contents
    do throws(any Error) {
      contents = try Contents(of: file, averaged: averaged)
    } catch let problem as WeightsFileError.Problem {
      throw WeightsFileError(path: path, problem: problem)
    }
    format = contents.format
    entries = contents.entries
    metadata = contents.metadata
    notes = contents.notes
    prefersAverages = averaged
    hasAverages = contents.hasAverages
    places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    self.file = file
  }

  /// Throws `WeightsFileError` for a file that is longer than any model's, before anything of it is
  /// read; `FileError`.
  package static func checkLength(of path: String) throws {
    let size = try InputFile(path: path).size
    guard size <= sizeLimit else {
      throw WeightsFileError(path: path, problem: .tooLong(bytes: size, limit: sizeLimit))
    }
  }

  /// The tensor of that name. Throws `WeightsFileError` when there is none.
  package func entry(named name: String) throws -> WeightsEntry {
    guard let place = places[name] else { throw error(.missing(tensor: name)) }
    return entries[place]
  }

  /// The tensor's numbers in PyTorch's order, wider or narrower floats rounded to Float. Throws
  /// `WeightsFileError` when they are no floats, `FileError`.
  package func floats(_ entry: WeightsEntry) throws -> [Float] {
    guard entry.shape.count <= WeightsEntry.countLimit else {
      throw error(
        .tensor(
          entry.name, "has \(entry.shape.count) numbers, more than \(WeightsEntry.countLimit)"))
    }
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

  /// The same for the net's tensor `entry`: throws `WeightsFileError` where there are numbers that no
  /// net can work with, too.
  package func floats(_ source: WeightsEntry, for entry: FlatEntry) throws -> [Float] {
    let values = try floats(source)
    if let place = entry.unusable(in: values) {
      throw error(.number(tensor: source.name, place: place, values[place]))
    }
    return values
  }

  /// Compares the tensors' storages with the checksums that the file has of them; each is read once.
  /// Throws `WeightsFileError` where they differ, `FileError`.
  package func verify(_ entries: some Sequence<WeightsEntry>) throws {
    var seen: Set<Range<Int>> = []
    for entry in entries {
      guard let wanted = entry.storage.checksum, seen.insert(entry.storage.range).inserted else {
        continue
      }
      let found = try CRC32.of(entry.storage.range, in: file)
      if found != wanted {
        throw error(.damaged(part: "the tensor \(entry.name)", checksum: found, wanted: wanted))
      }
    }
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
    entry.store(torchValues: try floats(source, for: entry), into: destination)
  }

  private func error(_ problem: WeightsFileError.Problem) -> WeightsFileError {
    WeightsFileError(path: path, problem: problem)
  }
}
