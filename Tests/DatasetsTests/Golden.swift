import Datasets
import FoundationEssentials

/// Files made by the scripts in Tests/Golden.
enum Golden {
  static let folder =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
    + "/Golden"

  static func bytes(_ path: String) throws -> [UInt8] { try contents(of: "\(folder)/\(path)") }

  /// A JPEG of the script images.py, decoded by the code under test.
  static func photo(_ name: String) throws -> Image {
    try Image(jpeg: bytes("images/\(name).jpg"), path: "\(name).jpg")
  }

  /// Pixels from a PPM file: `P6`, width and height, 255, each on a line or after a space.
  static func pixels(_ name: String) throws -> Image {
    let fields = try bytes("images/\(name).ppm").split(
      maxSplits: 4, omittingEmptySubsequences: false, whereSeparator: { $0 == 0x20 || $0 == 0x0A })
    let numbers = fields[1..<3].map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    return Image(height: numbers[1], width: numbers[0], channels: 3, pixels: Array(fields[4]))
  }
}

func contents(of path: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(filePath: path)))
}

/// A folder that goes away with its last reference.
final class TemporaryFolder {
  let path = "\(FileManager.default.temporaryDirectory.path)/tutti-\(UUID().uuidString)"

  init() throws { try makeFolder("") }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders above it.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try makeFolder(name.split(separator: "/").dropLast().joined(separator: "/"))
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }
}
