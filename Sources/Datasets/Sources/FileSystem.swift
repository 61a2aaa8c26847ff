import Files
import Glibc
import Images

/// The few things the room asks of the file system.
enum FileSystem {
  /// A file or folder in a folder.
  struct Entry {
    let name: String
    let isFolder: Bool
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
      guard kind == S_IFDIR || kind == S_IFREG else { continue }
      entries.append(Entry(name: name, isFolder: kind == S_IFDIR, bytes: Int(status.st_size)))
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
      throw .unreadable(path: path, reason: "it is not a file")
    }
    return Int(status.st_size)
  }

  /// The whole file, or its first bytes.
  static func contents(
    of path: String, atMost limit: Int = .max
  ) throws(PhotoError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw .unreadable(path: path, reason: systemMessage())
    }
    var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), limit))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(file, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
      if count == 0 { break }  // It was cut short while being read.
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  private static func systemMessage() -> String { String(cString: strerror(errno)) }
}
