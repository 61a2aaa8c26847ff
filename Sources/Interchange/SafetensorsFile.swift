import Tensors

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
    let length = try Self.headerLength(of: file)
    var text = [UInt8](repeating: 0, count: length)
    try text.withUnsafeMutableBytes { try file.read(at: SafetensorsHeader.prefix, into: $0) }
    let dataStart = SafetensorsHeader.prefix + length
    let header = try Self.header(text, dataBytes: file.size - dataStart, path: path)
    self.file = file
    self.dataStart = dataStart
    entries = header.entries
    metadata = header.metadata
  }

  private static func header(
    _ text: [UInt8], dataBytes: Int, path: String
  ) throws(SafetensorsError) -> SafetensorsHeader {
    do {
      return try SafetensorsHeader(parsing: text, dataBytes: dataBytes)
    } catch {
      throw SafetensorsError(path: path, problem: error)
    }
  }

  private static func headerLength(of file: borrowing InputFile) throws -> Int {
    let prefix = SafetensorsHeader.prefix
    guard file.size >= prefix else {
      throw SafetensorsError(path: file.path, problem: .truncated(needs: prefix, has: file.size))
    }
    var length: UInt64 = 0
    try withUnsafeMutableBytes(of: &length) { try file.read(at: 0, into: $0) }
    length = UInt64(littleEndian: length)
    guard length <= SafetensorsHeader.limit else {
      throw SafetensorsError(path: file.path, problem: .headerTooLong(length))
    }
    let needs = prefix + Int(length)
    guard file.size >= needs else {
      throw SafetensorsError(path: file.path, problem: .truncated(needs: needs, has: file.size))
    }
    return Int(length)
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
    switch entry.type {
    case .f32: try read(entry, as: Float.self)
    case .f64: try read(entry, as: Double.self).map { Float($0) }
    case .f16: try read(entry, as: Float16.self).map { Float($0) }
    case .bf16: try read(entry, as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    default: throw wrongType(entry, wanted: "a float")
    }
  }

  /// The tensor's numbers as they are. Throws when they are of another type.
  package func values<Number: SafetensorsNumber>(
    _ entry: SafetensorsEntry, as type: Number.Type = Number.self
  ) throws -> [Number] {
    guard entry.type == Number.safetensorsType else {
      throw wrongType(entry, wanted: Number.safetensorsType.rawValue)
    }
    return try read(entry, as: Number.self)
  }

  private func wrongType(_ entry: SafetensorsEntry, wanted: String) -> SafetensorsError {
    let problem = SafetensorsError.Problem.type(tensor: entry.name, is: entry.type, wanted: wanted)
    return SafetensorsError(path: path, problem: problem)
  }

  private func read<Number: BitwiseCopyable>(
    _ entry: SafetensorsEntry, as: Number.Type
  ) throws -> [Number] {
    let count = entry.shape.count
    return try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      let numbers = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      try file.read(
        at: dataStart + entry.range.lowerBound, into: UnsafeMutableRawBufferPointer(numbers))
      initialized = count
    }
  }
}
