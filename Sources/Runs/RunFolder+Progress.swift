package import Checkpoints
import Files
import Glibc

// How far a run has come, by its folder: without a digest of its weights, which would take minutes.

extension RunFolder {
  /// The state in the newest checkpoint, or in the one before where it can't be read; nil without a
  /// checkpoint. Other files are not compared with their digests, which would read all weights.
  package func newestState() throws -> TrainingState? {
    var problem: UnreadableState?
    for step in try checkpoints.steps().reversed() {
      let path = "\(checkpoints.path(ofStep: step))/\(StateFile.name)"
      if let state = try? StateFile.read(path), state.step == step { return state }
      problem = problem ?? UnreadableState(path: path)
    }
    if let problem { throw problem }
    return nil
  }
}

private struct UnreadableState: UnusableInput, CustomStringConvertible {
  let path: String
  var description: String { "\(path) can't be read" }
}

/// How long a run has taken, by its `metrics.jsonl`.
struct MetricsTimes {
  private struct Line: Decodable {
    let seconds: Double?
    let validationSeconds: Double?

    enum CodingKeys: String, CodingKey {
      case seconds
      case validationSeconds = "validation_seconds"
    }
  }

  let hours: Double?
  private let lastChange: Int
  private let lastStepSeconds: Double

  /// Nil when there is no such file. A torn last line is passed over.
  init?(path: String) throws {
    guard Paths.exists(path) else { return nil }
    let file = try InputFile(path: path)
    guard file.size <= MetricsCut.longest else {
      throw OverlongFile(path: path, bytes: file.size, limit: MetricsCut.longest)
    }
    var status = stat()
    lastChange = stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    var total: Double?
    var last = 0.0
    try file.forEachLine(atMost: MetricsCut.longestLine) { line, _ in
      guard let line, let times = try? JSONText.decode(Line.self, from: line) else { return }
      if let seconds = times.seconds { last = seconds }
      guard let seconds = times.seconds ?? times.validationSeconds else { return }
      total = (total ?? 0) + seconds
    }
    hours = total.map { $0 / 3600 }
    lastStepSeconds = last
  }

  /// Whether there was a line in the last five minutes, or in the time of ten steps.
  func isGrowing(now: Int) -> Bool {
    Double(now - lastChange) < max(300, 10 * lastStepSeconds)
  }
}
