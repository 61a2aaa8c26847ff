@testable import Interchange
import Support

/// A pickle put together by hand.
struct Pickle {
  private(set) var bytes: [UInt8] = [0x80, 2]

  mutating func put(_ opcodes: PickleOpcode...) { bytes += opcodes.map(\.rawValue) }

  mutating func raw(_ other: [UInt8]) { bytes += other }

  mutating func integer(_ value: Int) {
    put(.long1)
    bytes.append(8)
    bytes.append(little: value)
  }

  mutating func text(_ text: String) {
    put(.binUnicode)
    bytes.append(little: UInt32(text.utf8.count))
    bytes += text.utf8
  }

  mutating func global(_ module: String, _ name: String) {
    put(.global)
    bytes += "\(module)\n\(name)\n".utf8
  }

  mutating func tuple(_ values: [Int]) {
    put(.mark)
    for value in values { integer(value) }
    put(.tuple)
  }

  /// `{'w': tensor}`
  static func tensor(
    key: String = "0", storage: String = "FloatStorage", count: Int = 4, offset: Int = 0,
    extents: [Int], strides: [Int]
  ) -> [UInt8] {
    var pickle = Pickle()
    pickle.put(.emptyDict)
    pickle.text("w")
    pickle.tensor(
      key: key, storage: storage, count: count, offset: offset, extents: extents, strides: strides)
    pickle.put(.setItem, .stop)
    return pickle.bytes
  }

  mutating func tensor(
    key: String = "0", storage: String = "FloatStorage", count: Int = 4, offset: Int = 0,
    extents: [Int], strides: [Int]
  ) {
    global("torch._utils", "_rebuild_tensor_v2")
    put(.mark)
    put(.mark)
    text("storage")
    global("torch", storage)
    text(key)
    text("cpu")
    integer(count)
    put(.tuple, .binPersID)
    integer(offset)
    tuple(extents)
    tuple(strides)
    put(.newFalse, .emptyDict, .tuple, .reduce)
  }
}

extension Scratch {
  /// A zip file with these members.
  func zip(_ members: [(name: String, bytes: [UInt8])]) throws -> String {
    let path = self.path + "/x.pt"
    var zip = try ZipWriter(path: path, expectedBytes: 0)
    for member in members { try zip.add(member.name, member.bytes) }
    try zip.finish()
    return path
  }

  /// A PyTorch file with this pickle and one storage of 16 bytes, `0`.
  func torchFile(_ pickle: [UInt8]) throws -> String {
    try zip([("x/data.pkl", pickle), ("x/data/0", [UInt8](repeating: 0, count: 16))])
  }
}

/// A golden file of PyTorch's.
func torchGolden(_ name: String) -> String { golden(name, in: "torch_files") }

/// Opens the file and reads all of its tensors.
func readAll(_ path: String) throws {
  let file = try WeightsFile(path: path)
  for entry in file.entries {
    switch entry.type {
    case .f64, .f32, .f16, .bf16: _ = try file.floats(entry)
    case .i64: _ = try file.integers(entry)
    default: break
    }
  }
}

/// What is said of the file behind its path; empty when it is read.
func complaint(_ path: String) throws -> String {
  do {
    try readAll(path)
    return ""
  } catch let error as WeightsFileError {
    return String(error.description.dropFirst(path.count + 2))
  }
}
