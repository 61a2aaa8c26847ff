import FoundationEssentials
import Glibc

/// Files that are there whole or not at all, also after a power cut.
package enum FileWriting {
  /// Puts a file with these bytes in the place of what was there. Throws `FileError`, and then the
  /// old file is still there.
  package static func replace(_ path: String, with bytes: [UInt8]) throws {
    try replace(path) { try write(bytes, to: $0) }
  }

  /// Puts the file that `write` makes, under the name that it is given, in the place of what was
  /// there; of a link that leads to a file, that file is replaced. If it throws, the old file is still there.
  package static func replace(_ path: String, _ write: (_ partial: String) throws -> Void) throws {
    let target = Paths.resolved(path)
    guard Paths.isFile(target) || !Paths.exists(target) else {
      throw FileError("replaced as a file", path, code: Paths.isFolder(target) ? EISDIR : EINVAL)
    }
    let partial = try makePartial(besides: target, called: path)
    do {
      try write(partial)
      try move(partial, to: target)
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// Makes sure that a file could be put there. Throws `FileError`.
  package static func tryOut(_ path: String) throws {
    unlink(try makePartial(besides: Paths.resolved(path), called: path))
  }

  /// An empty file in the same folder, whose name nobody can have planted.
  ///
  /// A name that can be foretold may be somebody's own file, or a link to one that would be emptied.
  private static func makePartial(besides target: String, called path: String) throws -> String {
    let partial = Paths.path(
      ".tutti-\(String(UInt64.random(in: 0 ... .max), radix: 16)).partial",
      below: Paths.folder(of: target))
    let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileError("made", path) }
    close(file)
    return partial
  }

  /// Removes what writers that were killed left in a folder that nobody else writes to now.
  package static func removePartials(in folder: String) throws {
    for name in try names(in: folder)
    where name.startsExactly(with: ".tutti-") && name.endsExactly(with: ".partial") {
      unlink(Paths.path(name, below: folder))
    }
  }

  /// Writes a new file and waits until it is on the disk.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try OutputFile(path: path, expectedBytes: bytes.count)
    try bytes.withUnsafeBytes { try file.write($0) }
    try file.sync()
  }

  /// Gives a file or folder a new name in the same folder, and waits until that is on the disk. A
  /// file under the new name is replaced, a folder is not.
  package static func move(_ path: String, to name: String) throws {
    guard rename(path, name) == 0 else { throw FileError("renamed to \(name)", path) }
    try syncFolder(Paths.folder(of: name))
  }

  /// Makes the folder, and those above it, unless it is there.
  package static func makeFolder(_ path: String) throws {
    let above = Paths.folder(of: path)
    if !Paths.exists(path), !Paths.exists(above), above != path { try makeFolder(above) }
    if mkdir(path, 0o755) == 0 { return try syncFolder(above) }
    // Another process may have made it just now.
    guard errno == EEXIST, Paths.isFolder(path) else {
      throw FileError("made", path, code: errno == EEXIST ? ENOTDIR : errno)
    }
  }

  /// Waits until the names in the folder are on the disk.
  package static func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("opened to be written to the disk", path) }
    defer { close(descriptor) }
    // Some network file systems can't do it to a folder, and say so by these; SQLite goes on too.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw FileError("written to the disk", path)
    }
  }

  /// The names in a folder, sorted by their bytes; none when there is no such folder.
  package static func names(in folder: String) throws -> [String] {
    guard access(folder, R_OK | X_OK) == 0 else {
      if errno == ENOENT { return [] }
      throw FileError("listed", folder)
    }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .sorted(by: Paths.precedes)
  }
}
