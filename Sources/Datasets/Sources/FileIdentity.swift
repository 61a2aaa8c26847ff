import Glibc

/// Which file or folder a path leads to: the same for a photo under two spellings of its path, through links, and
/// by two names of one file.
///
/// Length and times are part of it, because some file systems of networks make up the numbers.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64
  private let version: FileVersion

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    version = FileVersion(status)
  }

  /// Nil when there is nothing.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// A file's state as the file system tells it: content can't change without it. The time of change,
/// unlike that of modification, can't be set by programs.
package struct FileVersion: Codable, Hashable, Sendable {
  /// Since 1970. Programs can set times so late that their nanoseconds are more than an `Int` holds.
  struct Time: Codable, Hashable {
    let seconds: Int
    let nanoseconds: Int

    fileprivate init(_ time: timespec) { (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec) }
  }

  let bytes: Int
  let modified: Time
  let changed: Time

  init(_ status: stat) {
    bytes = Int(status.st_size)
    modified = Time(status.st_mtim)
    changed = Time(status.st_ctim)
  }
}
