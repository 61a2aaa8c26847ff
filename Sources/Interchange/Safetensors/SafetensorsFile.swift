import Files

/// A safetensors file open for reading. Opening reads and checks the header; a tensor's numbers are
/// read when asked for, so that no more than one tensor need be in memory.
package struct SafetensorsFile: ~Copyable {
  /// In the header's order.
  package let entries: [SafetensorsEntry]
  package let metadata: [String: String]
  private let file: InputFile
  /// Where the data starts in the file.
  private let dataStart: Int

  package var path: String { file.path }

  /// Throws `FileError` when the file can't be read, `SafetensorsError` when it isn't sound.
  package init(path: String) throws {
    let file = try InputFile(path: path)
    let header = try SafetensorsHeader(of: file)
    self.file = file
    dataStart = header.dataStart
    entries = header.entries
    metadata = header.metadata
  }

  /// The tensor of that name. Throws `SafetensorsError` when there is none.
  package func entry(named name: String) throws -> SafetensorsEntry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw SafetensorsError(path: path, problem: .missing(tensor: name))
    }
    return entry
  }

  /// The tensor's numbers, row-major, wider or narrower floats rounded to Float. Throws when they
  /// are no floats.
  package func floats(_ entry: SafetensorsEntry) throws -> [Float] {
    guard let floats = try file.floats(of: WeightsEntry(entry, dataStart: dataStart)) else {
      throw wrongType(entry, wanted: "a float")
    }
    return floats
  }

  /// The tensor's numbers as they are. Throws when they are of another type.
  package func values<Number: SafetensorsNumber>(
    _ entry: SafetensorsEntry, as type: Number.Type = Number.self
  ) throws -> [Number] {
    guard entry.type == Number.safetensorsType else {
      throw wrongType(entry, wanted: Number.safetensorsType.rawValue)
    }
    let place = WeightsEntry(entry, dataStart: dataStart)
    return try file.numbers(of: place) { (number: Number) in number }
  }

  private func wrongType(_ entry: SafetensorsEntry, wanted: String) -> SafetensorsError {
    let problem = SafetensorsError.Problem.type(tensor: entry.name, is: entry.type, wanted: wanted)
    return SafetensorsError(path: path, problem: problem)
  }
}
