import FoundationEssentials
import Interchange
import Support

extension Scratch {
  /// Writes the bytes as a new file and gives its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    // Not over the old one: some file systems flush what was truncated.
    try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    let file = try OutputFile(path: "\(path)/\(name)", expectedBytes: bytes.count)
    try bytes.withUnsafeBytes { try file.write($0) }
    return file.path
  }
}

/// A file of a folder of `Tests/Golden`.
func golden(
  _ name: String, in folder: String = "safetensors_files", from file: String = #filePath
) -> String {
  let tests = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
  return "\(tests.path)/Golden/\(folder)/\(name)"
}
