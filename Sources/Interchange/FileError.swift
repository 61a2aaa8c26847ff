import Glibc

/// A file or folder that the system refused, with what to do about it.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was tried, as in "can't be …": `opened`, `written`.
  package let action: String
  package let path: String
  /// The system's `errno`.
  package let code: Int32
  /// The bytes that the whole file takes, when it was being written.
  package let neededBytes: Int?

  /// Takes the code from `errno`, so make it right after the call that failed.
  package init(_ action: String, _ path: String, code: Int32 = errno, neededBytes: Int? = nil) {
    self.action = action
    self.path = path
    self.code = code
    self.neededBytes = neededBytes
  }

  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

  package var description: String {
    let cause = "\(path) can't be \(action): \(String(cString: strerror(code)))"
    guard isDiskFull else { return cause }
    let needed = neededBytes.map { "; it needs \($0) bytes" } ?? ""
    return cause + needed
      + ". What was written before is untouched: free some space there, then start again."
  }
}
