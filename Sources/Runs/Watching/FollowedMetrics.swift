import Checkpoints
import Files
import Glibc

/// A run's `metrics.jsonl` that grows: each reading goes on where the last one ended, at a line's end.
///
/// A run that resumes puts another file in its place, without the lines that its checkpoint doesn't know of; then,
/// and when the file has become shorter, it is read from its beginning.
package struct FollowedMetrics: Sendable {
  private struct Identity: Equatable {
    let device: UInt64
    let number: UInt64
  }

  package let path: String
  /// What has been read; of all epochs but the last, the classes' scores aren't kept.
  package private(set) var record = MetricsRecord()
  /// When the file was last written to, in seconds since 1970; nil while there is none.
  package private(set) var lastChange: Int?
  private var identity: Identity?
  /// Bytes up to the end of the last whole line that was read.
  private var place = 0
  /// Bytes that the file had at the last reading.
  private var size = 0

  package init(path: String) { self.path = path }

  /// Reads what has come. A last line that isn't whole is left for the next time.
  ///
  /// - Returns: whether anything has come, or the file has become another.
  /// - Throws: `OverlongFile`, `FileError`.
  package mutating func readOn() throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let was = identity != nil
      self = FollowedMetrics(path: path)
      return was
    }
    let found = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    let isSame = found == identity && status.st_size >= size
    lastChange = status.st_mtim.tv_sec
    if isSame, status.st_size == size { return false }
    let file = try InputFile(path: path)
    guard file.size <= MetricsCut.longest else {
      throw OverlongFile(path: path, bytes: file.size, limit: MetricsCut.longest)
    }
    if try !isSame || !endsLine(at: place, of: file) {
      (record, place) = (MetricsRecord(), 0)
    }
    identity = found
    size = file.size
    let end = file.size
    try file.forEachLine(from: place, atMost: MetricsCut.longestLine) { line, range in
      let isTorn = range.upperBound == end && line?.count == range.count
      if isTorn { return }
      place = range.upperBound
      guard let line else { return }
      record.add(line)
      record.thin()
    }
    return true
  }

  /// Whether what was read ended there with a newline: in another file, something else is there.
  private func endsLine(at place: Int, of file: borrowing InputFile) throws -> Bool {
    guard place > 0 else { return true }
    guard place <= file.size else { return false }
    return try file.bytes(in: (place - 1)..<place) == [UInt8(ascii: "\n")]
  }
}
