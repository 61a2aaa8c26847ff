import Experiments
import Files
import Reporting

extension Trial {
  /// What it found, for people.
  ///
  /// - Parameter freeDisk: bytes that the run's disk has left.
  func lines(freeDisk: Int?) -> [String] {
    stepLines + ["time      \(DurationText.of(seconds)) for \(workText)"]
      + lastLines(runs: 1, freeDisk: freeDisk)
  }

  fileprivate var workText: String {
    stepsLeft == epochs * stepsPerEpoch
      ? "\(epochs) epoch\(epochs == 1 ? "" : "s")"
      : "the \(NumberText.grouped(stepsLeft)) steps that are left"
  }

  fileprivate var stepLines: [String] {
    [
      "trial     \(steps) step\(steps == 1 ? "" : "s"), \(NumberText.fixed(secondsPerStep, 2)) s each, "
        + "\(NumberText.fixed(imagesPerSecond, 1)) images/s"
        + (secondsPerValidation.map { "; a validation would take \(DurationText.of($0))" } ?? "")
    ]
  }

  fileprivate func lastLines(runs: Int, freeDisk: Int?) -> [String] {
    let disk = runs * diskBytes
    let free = freeDisk.map { ", where \(ByteCount($0)) are free" } ?? ""
    let isShort = (freeDisk ?? .max) < disk
    return [
      "memory    \(ByteCount(peakMemoryBytes)) were taken by the rank with the most, "
        + "\(ByteCount(forecastBytes)) were expected",
      "disk      checkpoints would take \(ByteCount(disk))\(free)"
        + (isShort ? ": too few; lower checkpoint.keep, or choose another --run" : ""),
      "written   nothing: this was a dry run",
    ]
  }
}

extension CrossvalTrial {
  /// What it found, for people.
  func lines(freeDisk: Int?) -> [String] {
    fold.stepLines + [
      "time      \(DurationText.of(seconds)) for \(folds) folds of \(fold.workText), \(teams) at a time"
    ] + fold.lastLines(runs: folds, freeDisk: freeDisk)
  }
}
