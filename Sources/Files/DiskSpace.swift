import Glibc

/// What file systems have left.
package enum DiskSpace {
  /// Bytes that a folder which need not be there yet could take.
  ///
  /// - Throws: `FileError` where nothing may be written there.
  package static func free(for path: String) throws(FileError) -> Int {
    let parent = nearestExisting(path)
    guard access(parent, W_OK) == 0 else { throw FileError("written", parent) }
    var information = statvfs()
    guard statvfs(parent, &information) == 0 else { throw FileError("looked into", parent) }
    return Int(information.f_bavail) * Int(information.f_frsize)
  }

  private static func nearestExisting(_ path: String) -> String {
    var path = Paths.withoutTrailingSlashes(path)
    while !Paths.exists(path) {
      guard let slash = path.lastIndex(of: "/") else { return "." }
      path = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    return path
  }
}
