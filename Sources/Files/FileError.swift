import Glibc

/// A file or folder that the system refused, with what to do about it.
package struct FileError: UnusableInput, Equatable, CustomStringConvertible {
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

  /// What can't be read is input; what can't be written is trouble of running.
  package var isOfInput: Bool {
    ["opened", "read", "read as a file", "listed"].contains(action)
  }

  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

  /// The system's words for the code.
  package var cause: String { String(cString: strerror(code)) }

  package var description: String {
    let refusal = "\(path) can't be \(action): \(cause)"
    guard isDiskFull else { return refusal }
    let needed = neededBytes.map { "; it needs \($0) bytes" } ?? ""
    return refusal + needed
      + ". What was written before is untouched: free some space there, then start again."
  }
}
