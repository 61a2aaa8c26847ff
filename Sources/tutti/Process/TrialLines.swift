import Experiments
import Files
import Reporting

extension Trial {
  /// What it found, for people.
  ///
  /// - Parameter freeDisk: bytes that the run's disk has left.
  func lines(freeDisk: Int?) -> [String] {
    let free = freeDisk.map { ", where \(ByteCount($0)) are free" } ?? ""
    let isShort = (freeDisk ?? .max) < diskBytes
    return [
      "trial     \(steps) step\(steps == 1 ? "" : "s"), \(NumberText.fixed(secondsPerStep, 2)) s each, "
        + "\(NumberText.fixed(imagesPerSecond, 1)) images/s"
        + (secondsPerValidation.map { "; a validation would take \(DurationText.of($0))" } ?? ""),
      "time      \(DurationText.of(seconds())) for \(epochs) epoch\(epochs == 1 ? "" : "s")",
      "memory    \(ByteCount(peakMemoryBytes)) were taken by the rank with the most, "
        + "\(ByteCount(forecastBytes)) were expected",
      "disk      checkpoints would take \(ByteCount(diskBytes))\(free)"
        + (isShort ? ": too few; lower checkpoint.keep, or choose another --run" : ""),
      "written   nothing: this was a dry run",
    ]
  }
}
