import Glibc
import Synchronization

/// The process's own output.
package enum StandardStream {
  /// Why standard output isn't whole: the system's `errno`; nil while it is, or where nobody reads it any more.
  private static let lost = Mutex<Int32?>(nil)

  /// Where a line is shown that whatever comes next replaces.
  private static let passing = Mutex<Int32?>(nil)

  /// Makes sure, before anything is opened, that no file of ours takes the place of a stream that is closed, and that a
  /// reader who is gone doesn't end the process.
  package static func secure() {
    signal(SIGPIPE, SIG_IGN)
    var descriptor = open("/dev/null", O_RDWR)
    while (0...STDERR_FILENO).contains(descriptor) { descriptor = open("/dev/null", O_RDWR) }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Writes all of the text, in pieces where a pipe takes no more at once. What nobody reads any more is lost, and what
  /// finds no room is told by `finish`.
  package static func write(_ text: String, to descriptor: Int32) {
    passing.withLock { passing in
      erase(&passing)
      writeAll(text, to: descriptor)
    }
  }

  /// Shows a line, made harmless, that the next one replaces, on whichever stream that comes; for terminals, which clip
  /// it at their width, since a line that wraps can't be written over.
  package static func showPassing(_ line: String, on descriptor: Int32) {
    passing.withLock { passing in
      if passing != descriptor { erase(&passing) }
      writeAll(TerminalText.passing(line), to: descriptor)
      passing = descriptor
    }
  }

  /// Writes what waits to be written.
  ///
  /// - Throws: `FileError` where some of standard output is lost, and not because nobody reads it any more.
  package static func finish() throws(FileError) {
    if fflush(nil) != 0, errno != EPIPE { throw FileError("written", "standard output") }
    if let code = lost.withLock(\.self) {
      throw FileError("written", "standard output", code: code)
    }
  }

  /// Takes away what `showPassing` shows, if it still does.
  package static func erasePassing() { passing.withLock { erase(&$0) } }

  private static func erase(_ passing: inout Int32?) {
    if let descriptor = passing { writeAll(TerminalText.erasure, to: descriptor) }
    passing = nil
  }

  private static func writeAll(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        let code = errno
        if descriptor == STDOUT_FILENO, code != EPIPE { lost.withLock { $0 = $0 ?? code } }
        return
      }
    }
  }
}
