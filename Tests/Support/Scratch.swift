import FoundationEssentials

/// A folder of its own for one test, removed with it.
package final class Scratch {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.path + "/tutti-\(UUID().uuidString)"
    try makeFolder("")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }

  /// Writes a file, and the folders above it.
  package func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try makeFolder(name.split(separator: "/").dropLast().joined(separator: "/"))
    // Not over an old one: some file systems flush what was truncated.
    try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  package func write(_ text: String, to name: String) throws {
    try write(text.utf8, to: name)
  }

  /// Writes the bytes as a new file and gives its path.
  package func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try write(bytes, to: name)
    return "\(path)/\(name)"
  }
}

package func contents(of path: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(filePath: path)))
}
