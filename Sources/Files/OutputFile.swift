import Glibc

/// A file being written from its start, emptied first. Closed when the owner lets go, but only
/// `sync` says that the bytes have arrived.
package struct OutputFile: ~Copyable {
  package let path: String
  /// Bytes that are to be written, for the message when the disk is full; nil where nobody knows.
  private let expectedBytes: Int?
  private let descriptor: Int32

  /// Throws `FileError` when the file can't be made.
  package init(path: String, expectedBytes: Int?) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError("made", path, neededBytes: expectedBytes)
    }
    self.path = path
    self.expectedBytes = expectedBytes
  }

  deinit { close(descriptor) }

  /// Appends the bytes. Throws `FileError`; the file is of no use then.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("written", path, neededBytes: expectedBytes) }
      done += count
    }
  }

  /// Writes over the file's first bytes. Throws `FileError`.
  package func overwriteStart(with bytes: [UInt8]) throws {
    let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count else { throw FileError("written", path) }
  }

  /// Returns when the bytes are on the disk. Throws `FileError`: network file systems tell of a
  /// full disk only here.
  package func sync() throws {
    guard fsync(descriptor) == 0 else {
      throw FileError("written to the disk", path, neededBytes: expectedBytes)
    }
  }
}
