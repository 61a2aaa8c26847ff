import FoundationEssentials
import Glibc

/// A folder that is there whole or not at all, also after a kill or a power cut.
package enum WholeFolder {
  /// While this is locked, somebody writes the folder.
  private static let lock = ".in-use"

  /// Where a folder lies while it is written.
  package static func partial(of path: String) -> String { path + ".partial" }

  /// Makes a folder of what `write` puts into another that lies beside it, `path.partial`. What a killed
  /// process left there is removed first; and what this one wrote, if it throws.
  ///
  /// - Parameter ifHeld: called while another process writes the same folder, again and again: it throws, or
  ///   returns after a while.
  /// - Returns: whether it was written; false when it is there already, or comes to be while another writes it.
  /// - Throws: `FileError`.
  package static func write(
    _ path: String, ifHeld: () throws -> Void, _ write: (_ partial: String) throws -> Void
  ) throws -> Bool {
    let partial = partial(of: path)
    while !Paths.exists(path) {
      let name = "\(partial)/\(lock)"
      // What has no lock was not written here: it comes first and goes last.
      let found = try FileWriting.names(in: partial)
      if let first = found.first, !found.contains(where: { $0.isExactly(lock) }) {
        throw FolderInTheWay(partial, has: first)
      }
      try FileWriting.makeFolder(partial)
      let descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      // Another may have finished just now.
      guard descriptor >= 0 else {
        if errno == ENOENT { continue }
        throw FileError("made", name)
      }
      defer { close(descriptor) }
      guard FileLock.take(descriptor) != .held else {
        try ifHeld()
        continue
      }
      guard FileLock.isSame(descriptor, name) else { continue }
      func remove() {
        try? clear(partial)
        unlink(name)
        rmdir(partial)
      }
      // Another may have finished before this one had its folder.
      guard !Paths.exists(path) else {
        remove()
        return false
      }
      do {
        try clear(partial)
        try write(partial)
        try FileWriting.syncFolder(partial)
        try FileWriting.move(partial, to: path)
      } catch {
        remove()
        throw error
      }
      unlink("\(path)/\(lock)")
      return true
    }
    return false
  }

  private static func clear(_ folder: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where !name.isExactly(lock) {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}

/// A folder of somebody's own where another is to be written.
package struct FolderInTheWay: UnusableInput, Equatable, CustomStringConvertible {
  private let path: String
  private let first: String

  fileprivate init(_ path: String, has first: String) {
    self.path = path
    self.first = first
  }

  package var description: String {
    "\(path) is in the way, where a folder is to lie while it is written, and has \(first) in it; move it, or "
      + "name another"
  }
}

/// A folder that another process is writing.
package struct FolderInUse: UnusableInput, Equatable, CustomStringConvertible {
  private let path: String

  package init(_ path: String) { self.path = path }

  package var description: String {
    "\(path): another process is writing it; wait for that one, or name another folder"
  }
}
