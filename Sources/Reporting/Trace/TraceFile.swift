import Files
package import Training

/// Writes a trace of some steps for Perfetto (ui.perfetto.dev) and Chrome: Trace Event Format in JSON, whole or not
/// at all. What its slices mean is in docs/trace.md.
package final class TraceFile: TrainingObserver {
  private let path: String
  private let console: Console

  /// Makes sure that the file can be written; its folder is made if it isn't there.
  ///
  /// - Throws: `FileExists`, `FileError`.
  package static func check(_ path: String) throws {
    try FileExists.check(path, option: "--trace")
    try FileWriting.makeFolder(Paths.folder(of: path))
    try FileWriting.tryOut(path)
  }

  package init(path: String, console: Console) {
    self.path = path
    self.console = console
  }

  package func observe(_ event: TrainingEvent) throws {
    guard case .traced(let trace) = event else { return }
    try FileWriting.replace(path, with: Self.text(of: trace))
    let steps = trace.steps
    let ranks = trace.ranks.count
    console.line(
      "trace     \(path): "
        + (steps.count == 1
          ? "step \(steps.lowerBound)" : "steps \(steps.lowerBound) to \(steps.upperBound)")
        + " of \(ranks) rank\(ranks == 1 ? "" : "s"); open it at https://ui.perfetto.dev")
  }

  private struct Head: Encodable {
    struct Clock: Encodable {
      let rank: Int
      let host: String
      /// Of what was added to the rank's clock, in microseconds.
      let offset: Double
      let uncertainty: Double
    }

    let steps: [Int]
    let clocks: [Clock]
  }

  static func text(of trace: TrainingTrace) throws -> [UInt8] {
    let head = Head(
      steps: [trace.steps.lowerBound, trace.steps.upperBound],
      clocks: trace.ranks.enumerated().map { rank, part in
        Head.Clock(
          rank: rank, host: part.host, offset: Double(part.clockOffset) / 1000,
          uncertainty: Double(part.clockUncertainty) / 1000)
      })
    var text = Array(#"{"displayTimeUnit":"ms","otherData":"#.utf8)
    text += try JSONText.encode(head).utf8
    text += #","traceEvents":["#.utf8
    for (number, part) in trace.ranks.enumerated() {
      text += (number == 0 ? "\n" : ",\n").utf8
      text += part.events
    }
    text += "\n]}\n".utf8
    return text
  }
}
