import Files
import Glibc
import Images

/// The few things the room asks of the file system.
enum FileSystem {
  /// A file or folder in a folder.
  struct Entry {
    enum Kind {
      case folder, file, deadLink
      /// A pipe, a socket or a device.
      case other
      /// What the system tells nothing about.
      case unknown(reason: String)
    }

    let name: String
    let kind: Kind
    /// Nil where there is none.
    let status: stat?

    var isFolder: Bool { if case .folder = kind { true } else { false } }

    /// Nobody knows what it is, or would be.
    var isMystery: Bool {
      switch kind {
      case .deadLink, .unknown: true
      case .folder, .file, .other: false
      }
    }

    /// What isn't a file can't be read, which shows when it is tried.
    var photo: PhotoFile {
      if case .file = kind, let status { PhotoFile(status) } else { .missing }
    }
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
      if name.startsExactly(with: ".") || litter.contains(name) { continue }
      entries.append(entry(name, in: folder))
    }
    guard errno == 0 else { throw .unreadable(folder, reason: systemMessage()) }
    return entries.sorted { Paths.precedes($0.name, $1.name) }
  }

  private static func entry(_ name: String, in folder: String) -> Entry {
    let path = "\(folder)/\(name)"
    var status = stat()
    guard stat(path, &status) == 0 else {
      let reason = systemMessage()
      let isLink = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
      return Entry(name: name, kind: isLink ? .deadLink : .unknown(reason: reason), status: nil)
    }
    let kind: Entry.Kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .other
      }
    return Entry(name: name, kind: kind, status: status)
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

  static let notAFile = "it is not a file but a folder, a pipe or a device"

  private static func systemMessage() -> String { String(cString: strerror(errno)) }
}
