import Glibc

/// A file of measurements, written on at its end while a run goes on.
final class GrowingFile {
  let path: String
  private let file: UnsafeMutablePointer<FILE>

  init(path: String) throws(MetricsFileError) {
    guard let file = fopen(path, "a") else { throw MetricsFileError(path: path, code: errno) }
    self.path = path
    self.file = file
  }

  deinit { fclose(file) }

  /// Whoever reads the file sees the bytes at once.
  func write(_ bytes: [UInt8]) throws(MetricsFileError) {
    let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    guard written == bytes.count, fflush(file) == 0 else {
      throw MetricsFileError(path: path, code: errno)
    }
  }

  /// Waits until all that was written is on the disk.
  func sync() throws(MetricsFileError) {
    if fsync(fileno(file)) != 0 { throw MetricsFileError(path: path, code: errno) }
  }
}

/// Why `metrics.jsonl`, or a file of events, can't be written.
package struct MetricsFileError: Error, CustomStringConvertible {
  package let path: String
  package let code: Int32

  package var description: String {
    "\(path) can't be written: \(String(cString: strerror(code))); make room or give access, and "
      + "resume with --resume auto"
  }
}
