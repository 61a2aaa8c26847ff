import FoundationEssentials
import Glibc

/// A folder that is there whole or not at all, also after a kill or a power cut.
///
/// It is written under a name of its own beside its place, `NAME.partial-<16 digits>`, with a file in it that
/// is locked as long as its writer lives, and then renamed. So several may write the same folder at once, on
/// several hosts too: where there are locks they wait for the first, and anywhere the first to be done counts.
package enum WholeFolder {
  /// While this is locked, somebody writes the folder.
  private static let lock = ".in-use"

  /// Makes a folder of what `write` puts into another. What killed processes left of it is removed first; and
  /// what this one wrote, if it throws.
  ///
  /// - Parameter ifHeld: called while another process writes the same folder, again and again: it throws, or
  ///   returns after a while.
  /// - Returns: whether it was written; false when it is there already, or another has written it meanwhile.
  /// - Throws: `FileError`.
  package static func write(
    _ path: String, ifHeld: () throws -> Void, _ write: (_ partial: String) throws -> Void
  ) throws -> Bool {
    while !Paths.exists(path) {
      if try removingLeftovers(of: path) {
        try ifHeld()
        continue
      }
      let partial = try makePartial(of: path)
      // Another may have taken it for a leftover, before it was locked.
      guard let descriptor = locked(in: partial) else { continue }
      defer { close(descriptor) }
      do {
        // Of several that began at once, the first by name goes on.
        if try removingLeftovers(of: path, before: partial) {
          remove(partial)
          try ifHeld()
          continue
        }
        try write(partial)
        try FileWriting.syncFolder(partial)
        unlink("\(partial)/\(lock)")
        if rename(partial, path) != 0 {
          guard errno == ENOTEMPTY || errno == EEXIST else {
            throw FileError("renamed to \(path)", partial)
          }
          remove(partial)
          return false
        }
      } catch {
        remove(partial)
        throw error
      }
      try FileWriting.syncFolder(Paths.folder(of: path))
      return true
    }
    return false
  }

  private static func makePartial(of path: String) throws -> String {
    try FileWriting.makeFolder(Paths.folder(of: path))
    let number = String(UInt64.random(in: 0 ... .max), radix: 16)
    let partial = "\(path).partial-" + String(repeating: "0", count: 16 - number.count) + number
    guard mkdir(partial, 0o755) == 0 else { throw FileError("made", partial) }
    return partial
  }

  /// The open lock of a folder that this process writes; nil when it was taken away.
  private static func locked(in partial: String) -> Int32? {
    let name = "\(partial)/\(lock)"
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { return nil }
    guard FileLock.take(descriptor) != .held, FileLock.isSame(descriptor, name) else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Removes what killed writers left, as far as locks tell.
  ///
  /// - Parameter own: of those after it by name, and of itself, nothing is to be said.
  /// - Returns: whether another process is writing.
  private static func removingLeftovers(of path: String, before own: String? = nil) throws -> Bool {
    let folder = Paths.folder(of: path)
    var isWritten = false
    for name in try FileWriting.names(in: folder) {
      let partial = Paths.path(name, below: folder)
      guard isPartial(name, of: Paths.name(of: path)),
        own.map({ Paths.precedes(partial, Paths.path(Paths.name(of: $0), below: folder)) }) ?? true
      else { continue }
      let descriptor = open("\(partial)/\(lock)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      switch FileLock.take(descriptor) {
      case .held: isWritten = true
      case .free: remove(partial)
      case .none: continue
      }
    }
    return isWritten
  }

  private static func isPartial(_ name: String, of whole: String) -> Bool {
    let start = "\(whole).partial-"
    return name.startsExactly(with: start) && name.utf8.count == start.utf8.count + 16
      && name.utf8.suffix(16).allSatisfy("0123456789abcdef".utf8.contains)
  }

  /// The lock goes last: what is left when that is interrupted is still known for a leftover.
  private static func remove(_ partial: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: partial)) ?? []
    where !name.isExactly(lock) {
      try? FileManager.default.removeItem(atPath: "\(partial)/\(name)")
    }
    unlink("\(partial)/\(lock)")
    rmdir(partial)
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
