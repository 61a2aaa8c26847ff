import FoundationEssentials

/// A folder of its own for one test, removed with it.
package final class Scratch {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.path + "/tutti-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
