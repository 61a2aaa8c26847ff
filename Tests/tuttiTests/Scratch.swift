import Foundation
import Support

/// Folders for the tests' files, all removed when the tests have ended.
enum Scratch {
  private static let root: URL = {
    let root = FileManager.default.temporaryDirectory.appending(path: "tutti-tests-\(UUID())")
    atexit { try? FileManager.default.removeItem(at: Scratch.root) }
    return root
  }()

  /// A path whose folder is there, but nothing at the path itself.
  static func path(_ name: String) throws -> String {
    let folder = root.appending(path: "\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path
  }

  /// A copy of a folder that a test may change.
  static func copy(of folder: String, named name: String = "copy") throws -> String {
    let copy = try path(name)
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    return copy
  }
}
