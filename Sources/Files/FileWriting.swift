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
  /// there. If it throws, the old file is still there.
  package static func replace(_ path: String, _ write: (_ partial: String) throws -> Void) throws {
    let partial = path + ".partial"
    do {
      try write(partial)
      try move(partial, to: path)
    } catch {
      unlink(partial)
      throw error
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
    if mkdir(path, 0o755) == 0 { return try syncFolder(Paths.folder(of: path)) }
    switch errno {
    case EEXIST:
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        errno = ENOTDIR
        throw FileError("made", path)
      }
    case ENOENT:
      try makeFolder(Paths.folder(of: path))
      try makeFolder(path)
    default: throw FileError("made", path)
    }
  }

  /// Waits until the names in the folder are on the disk.
  package static func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("opened to be written to the disk", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("written to the disk", path) }
  }

  /// The names in a folder, sorted; none when there is no such folder.
  package static func names(in folder: String) throws -> [String] {
    guard access(folder, R_OK | X_OK) == 0 else {
      if errno == ENOENT { return [] }
      throw FileError("listed", folder)
    }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }
}
