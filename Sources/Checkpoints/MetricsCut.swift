import Files

/// Takes a run's `metrics.jsonl` back to a checkpoint's step, so that what a resumed run writes
/// follows what the checkpoint knows.
package enum MetricsCut {
  /// Bytes; a step's line has about 200.
  package static let longest = 1 << 30

  private struct Line: Decodable { let step: Int }

  /// Removes the lines of later steps and a torn last line, and gives their number. Without the file
  /// there is nothing to do. Throws when a line in it has no step, and `FileError`.
  @discardableResult
  package static func cut(_ path: String, after step: Int) throws -> Int {
    guard Paths.exists(path) else { return 0 }
    let bytes = try InputFile(path: path).bytes(atMost: longest)
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // Whole lines end with a newline, so what follows the last one is nothing, or torn.
    let torn = lines.popLast().map { $0.isEmpty ? 0 : 1 } ?? 0
    let kept = try lines.enumerated().filter { number, line in
      guard let content = try? JSONText.decode(Line.self, from: line) else {
        throw MetricsError(path: path, line: number + 1)
      }
      return content.step <= step
    }
    let dropped = lines.count - kept.count + torn
    if dropped > 0 {
      try FileWriting.replace(path, with: kept.flatMap { $0.element + [UInt8(ascii: "\n")] })
    }
    return dropped
  }
}

/// A line of `metrics.jsonl` that isn't one.
package struct MetricsError: UnusableInput, Equatable, CustomStringConvertible {
  package let path: String
  package let line: Int

  package var description: String {
    "\(path):\(line): no JSON object with a step; remove the line, or the file, and resume again"
  }
}
