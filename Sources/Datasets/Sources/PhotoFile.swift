import Glibc
import Images

/// What the file system says of a photo's file, which isn't opened.
struct PhotoFile {
  /// 0 for a link that leads nowhere: reading the photo says so, as of any other that is damaged.
  let bytes: Int
  let identity: FileIdentity?

  /// - Throws: `PhotoError.unreadable` when there is nothing, or no file.
  init(_ path: String) throws(PhotoError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw .unreadable(path: path, reason: FileSystem.notAFile)
      }
      self.init(status)
    } else {
      let reason = String(cString: strerror(errno))
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else {
        throw .unreadable(path: path, reason: reason)
      }
      self = .missing
    }
  }

  init(_ status: stat) {
    bytes = Int(status.st_size)
    identity = FileIdentity(status)
  }

  private init() { (bytes, identity) = (0, nil) }

  /// What a link that leads nowhere leads to.
  static let missing = PhotoFile()
}
