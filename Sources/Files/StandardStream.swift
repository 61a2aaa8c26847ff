import Glibc

/// The process's own output.
package enum StandardStream {
  /// Writes all of the text, in pieces where a pipe takes no more at once. What nobody reads any more,
  /// or finds no room, is lost: there is nobody left to tell.
  package static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        return
      }
    }
  }
}
