import Files
import Glibc

extension Dataset {
  /// The paths, and in the place of each that isn't there and has `*`, `?` or `[…]` in it, what it
  /// matches by glob(3), in the order of the paths' bytes. For patterns that no shell has expanded:
  /// quoted ones, and those that match more than a command line holds.
  ///
  /// - Throws: `FolderError` for a pattern that matches nothing, or a folder that can't be listed.
  package static func expandingPatterns(_ paths: [String]) throws(FolderError) -> [String] {
    var expanded: [String] = []
    for path in paths {
      let isPattern = path.utf8.contains(where: "*?[".utf8.contains) && !Paths.exists(path)
      expanded += isPattern ? try matches(of: path) : [path]
    }
    return expanded
  }

  private static func matches(of pattern: String) throws(FolderError) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    // What isn't there, such as a dangling link's target, matches nothing.
    let code = glob(pattern, GLOB_NOSORT, { _, code in code == ENOENT ? 0 : 1 }, &found)
    switch code {
    case 0: break
    case GLOB_NOMATCH: throw .noMatch(pattern)
    case GLOB_NOSPACE: throw .unreadable(pattern, reason: String(cString: strerror(ENOMEM)))
    default: throw .unreadable(pattern, reason: "a folder on its way can't be listed")
    }
    var paths: [String] = []
    for index in 0..<Int(found.gl_pathc) {
      guard let name = found.gl_pathv[index] else { continue }
      guard let path = String(validatingCString: name) else {
        throw .nameNotUTF8(pattern, name: String(cString: name))
      }
      paths.append(path)
    }
    return paths.sorted(by: Paths.precedes)
  }
}
