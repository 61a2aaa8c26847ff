import Files
import Glibc
import Images

/// The few things the room asks of the file system.
enum FileSystem {
  /// A file or folder in a folder.
  struct Entry {
    let name: String
    let isFolder: Bool
    /// Neither for a folder nor for a pipe, a socket or a device.
    let isFile: Bool
    let bytes: Int
  }

  /// What programs leave beside photos; hidden names (.DS_Store, ._a.jpg) are ignored anyway.
  private static let litter: Set = ["Thumbs.db", "desktop.ini", "@eaDir", "__MACOSX", "lost+found"]

  /// The folder's files and folders in the order of their names' bytes, without what is hidden.
  static func entries(of folder: String) throws(FolderError) -> [Entry] {
    guard let stream = opendir(folder) else {
      switch errno {
      case ENOENT: throw .missing(folder)
      case ENOTDIR: throw .notAFolder(folder)
      default: throw .unreadable(folder, reason: systemMessage())
      }
    }
    defer { closedir(stream) }
    guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let record = readdir(stream) else { break }
      let characters = (UnsafeRawPointer(record) + nameOffset).assumingMemoryBound(to: CChar.self)
      guard let name = String(validatingCString: characters) else {
        throw .nameNotUTF8(folder, name: String(cString: characters))
      }
      if name.hasPrefix(".") || litter.contains(name) { continue }
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0 else {
        throw .unreadable("\(folder)/\(name)", reason: systemMessage())
      }
      let kind = status.st_mode & S_IFMT
      entries.append(
        Entry(
          name: name, isFolder: kind == S_IFDIR, isFile: kind == S_IFREG,
          bytes: Int(status.st_size)))
    }
    guard errno == 0 else { throw .unreadable(folder, reason: systemMessage()) }
    return entries.sorted { Paths.precedes($0.name, $1.name) }
  }

  /// A file's length.
  static func bytes(ofFile path: String) throws(PhotoError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .unreadable(path: path, reason: systemMessage())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: notAFile)
    }
    return Int(status.st_size)
  }

  /// The whole file, when it isn't longer than a photo's may be.
  static func contents(of path: String) throws(PhotoError) -> [UInt8] {
    try reading(path) { try $0.bytes(atMost: Image.mostFileBytes) }
  }

  /// The first bytes of a file that isn't longer than a photo's may be; all of them if it has fewer.
  static func start(of path: String, _ count: Int) throws(PhotoError) -> [UInt8] {
    try reading(path) { file in
      guard file.size <= Image.mostFileBytes else {
        throw PhotoError.overlong(path: path, bytes: file.size)
      }
      return try file.bytes(in: 0..<min(file.size, count))
    }
  }

  /// Opens a file without waiting for the writer of a pipe.
  private static func reading(
    _ path: String, _ body: (borrowing InputFile) throws -> [UInt8]
  ) throws(PhotoError) -> [UInt8] {
    do {
      return try body(InputFile(path: path))
    } catch let error as PhotoError {
      throw error
    } catch let error as OverlongFile {
      throw .overlong(path: path, bytes: error.bytes)
    } catch let error as FileError {
      let reason =
        switch error.code {
        case EINVAL: notAFile
        case ENODATA: "it became shorter while it was read"
        default: error.cause
        }
      throw .unreadable(path: path, reason: reason)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  private static let notAFile = "it is not a file but a folder, a pipe or a device"

  private static func systemMessage() -> String { String(cString: strerror(errno)) }
}
