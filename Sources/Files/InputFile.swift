import CProcessor
import Glibc

/// A regular file open for reading at any place. Closed when the owner lets go.
package struct InputFile: ~Copyable {
  package let path: String
  /// Bytes at the time of opening.
  package let size: Int
  private let descriptor: Int32

  /// Throws `FileError` when there is no such file, or it is a folder or a device.
  package init(path: String) throws {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError("opened", path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError("read as a file", path, code: EINVAL)
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Another descriptor of the file at its start, for a C library that reads by itself; its user closes
  /// it.
  package func newDescriptor() throws -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw FileError("opened", path) }
    return copy
  }

  /// Fills `destination` with the bytes from `offset` on. Throws `FileError`, with `ENODATA` when
  /// the file ends before.
  package func read(at offset: Int, into destination: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < destination.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: destination[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, offset + done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("read", path, code: count < 0 ? errno : ENODATA) }
      done += count
    }
  }

  /// Calls `body` with the bytes of a range, by default the whole file, piece by piece in order.
  package func forEachPiece(
    in range: Range<Int>? = nil, of length: Int = 1 << 20,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let range = range ?? 0..<size
    requireMemory(length)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 64)
    defer { piece.deallocate() }
    for offset in stride(from: range.lowerBound, to: range.upperBound, by: length) {
      let count = min(length, range.upperBound - offset)
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<count])
      try read(at: offset, into: part)
      try body(UnsafeRawBufferPointer(part))
    }
  }

  /// Calls `body` with each line, without its newline, and with its place in the file, newline
  /// included. What follows the last newline is given as a line, too, unless it is nothing.
  ///
  /// A line of more than `longest` bytes is given as nil: memory is that of the longest other.
  ///
  /// - Parameter first: where a line begins, and the reading.
  package func forEachLine(
    from first: Int = 0, atMost longest: Int,
    _ body: (_ line: [UInt8]?, _ place: Range<Int>) throws -> Void
  ) throws {
    var line: [UInt8]? = []
    var (start, end) = (first, first)
    func finish() throws {
      try body(line, start..<end)
      (line, start) = ([], end)
    }
    try forEachPiece(in: min(first, size)..<size) { piece in
      var rest = piece[...]
      while !rest.isEmpty {
        let newline = rest.firstIndex(of: UInt8(ascii: "\n"))
        let part = rest[..<(newline ?? rest.endIndex)]
        rest = rest[(newline.map { $0 + 1 } ?? rest.endIndex)...]
        if let length = line?.count, length + part.count <= longest {
          line?.append(contentsOf: part)
        } else {
          line = nil
        }
        end += part.count + (newline == nil ? 0 : 1)
        if newline != nil { try finish() }
      }
    }
    if end > start { try finish() }
  }

  /// The whole file, for small ones.
  ///
  /// - Parameter limit: More bytes than an honest file of its kind has.
  /// - Throws: `OverlongFile`, before memory is taken; `FileError`.
  package func bytes(atMost limit: Int) throws -> [UInt8] {
    guard size <= limit else { throw OverlongFile(path: path, bytes: size, limit: limit) }
    return try bytes(in: 0..<size)
  }

  /// A part of the file, which has to be in it.
  package func bytes(in range: Range<Int>) throws -> [UInt8] {
    requireMemory(range.count)
    return try [UInt8](unsafeUninitializedCapacity: range.count) { bytes, count in
      let all = UnsafeMutableBufferPointer(rebasing: bytes[..<range.count])
      try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(all))
      count = range.count
    }
  }

  /// Ends the process with a sentence when there are no so many bytes to be had: with Swift's own
  /// words for that comes a crash.
  private func requireMemory(_ bytes: Int) {
    // With what is put around them.
    guard ProcessMemory.canTake(bytes + 4096) else {
      tutti_end_process("out of memory: \(bytes) bytes to read \(path.harmless()) could not be had")
    }
  }
}

/// A file that is longer than any of its kind, so that reading it would only take memory: a sparse
/// one, or another file than was meant.
package struct OverlongFile: UnusableInput, Equatable, CustomStringConvertible {
  package let path: String
  package let bytes: Int
  package let limit: Int

  package init(path: String, bytes: Int, limit: Int) {
    self.path = path
    self.bytes = bytes
    self.limit = limit
  }

  package var description: String {
    "\(path) has \(bytes) bytes, and a file of its kind at most \(limit); is it the right one?"
  }
}
