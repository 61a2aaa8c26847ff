import Glibc
import Images

/// What the file system says of a photo's file, which isn't opened.
struct PhotoFile {
  /// 0 for a link that leads nowhere: reading the photo says so, as of any other that is damaged.
  let bytes: Int
  private let identity: FileIdentity?

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

  /// The first photo that is the same file as an earlier one, with that and with how many such photos
  /// there are. It would be trained on and tested on, or have two labels.
  static func firstTwins(among files: [PhotoFile]) -> (first: Int, second: Int, count: Int)? {
    var places: [FileIdentity: Int] = [:]
    var twins: (first: Int, second: Int, count: Int)?
    for (place, file) in files.enumerated() {
      guard let identity = file.identity else { continue }
      if let first = places[identity] {
        twins = twins.map { ($0.first, $0.second, $0.count + 1) } ?? (first, place, 1)
      } else {
        places[identity] = place
      }
    }
    return twins
  }
}
