import Glibc
import Runs
import SwiftProtobuf

/// A file of TensorBoard's events, written from its beginning: records of TensorFlow's `TFRecord` format, each with
/// its length and the checksums of both.
final class EventFile {
  private let file: GrowingFile
  var path: String { file.path }
  /// Seconds since 1970.
  private let time: () -> Double

  /// Makes `events.out.tfevents.SECONDS.HOST.PROCESS`, beside those that are there, in a folder.
  ///
  /// - Parameter step: the first that will be written. TensorBoard forgets what other files say of it and later
  ///   ones: a run that goes on from a checkpoint takes those steps again.
  /// - Throws: `MetricsFileError`, an error of SwiftProtobuf's.
  init(in folder: String, from step: Int, time: @escaping () -> Double = EventFile.now) throws {
    self.time = time
    // TensorBoard reads the files of a folder in the order of their names.
    file = try GrowingFile(
      path: "\(folder)/events.out.tfevents.\(Int(time())).\(RunLock.hostName).\(getpid())")
    try write { $0.fileVersion = "brain.Event:2" }
    try write(step: step) { $0.sessionLog.status = .start }
  }

  /// Writes the values of one step, those that are numbers.
  func write(_ scalars: [(tag: String, value: Double?)], step: Int) throws {
    try write(step: step) { event in
      event.summary.value = scalars.compactMap { scalar in
        guard let value = scalar.value, value.isFinite else { return nil }
        return .with {
          $0.tag = scalar.tag
          $0.simpleValue = Float(value)
        }
      }
    }
  }

  private func write(step: Int = 0, _ fill: (inout Tensorboard_Event) -> Void) throws {
    var event = Tensorboard_Event()
    event.wallTime = time()
    event.step = Int64(step)
    fill(&event)
    try file.write(Self.record(try event.serializedBytes()))
  }

  /// Length, its checksum, bytes, their checksum.
  private static func record(_ bytes: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(bytes.count))
    return length + littleEndian(CRC32C.masked(of: length)) + bytes
      + littleEndian(CRC32C.masked(of: bytes))
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
