/// A file that is to be written and must not be there yet, so that nothing is ever overwritten.
package struct FileExists: UnusableInput, Equatable, CustomStringConvertible {
  private let path: String
  private let option: String

  /// Makes sure, before work begins, that nothing is where an option's file will be.
  package static func check(_ path: String?, option: String) throws(FileExists) {
    if let path, Paths.exists(path) { throw FileExists(path: path, option: option) }
  }

  package var description: String {
    "\(path) is there already; name another file with \(option), or remove it"
  }
}
