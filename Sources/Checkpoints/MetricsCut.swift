import Files

/// Takes a run's `metrics.jsonl` back to a checkpoint's step, so that what a resumed run writes
/// follows what the checkpoint knows.
package enum MetricsCut {
  /// Bytes; a step's line has about 200.
  package static let longest = 1 << 32
  /// Bytes of a line: an epoch's confusion matrix of a thousand classes has some 5 MB.
  package static let longestLine = 1 << 24

  private struct Line: Decodable { let step: Int }

  /// Removes the lines of later steps, a torn last line, and damaged ones that no line of the
  /// checkpoint's steps follows: a power cut leaves zeros, or pieces, where the last lines were to be,
  /// and a checkpoint gets its name when its own lines are on the disk.
  ///
  /// Without the file there is nothing to do.
  ///
  /// - Returns: How many lines were removed.
  /// - Throws: `MetricsError` when a line amid those to be kept has no step; `OverlongFile`,
  ///   `FileError`.
  @discardableResult
  package static func cut(_ path: String, after step: Int) throws -> Int {
    guard Paths.exists(path) else { return 0 }
    let file = try InputFile(path: path)
    guard file.size <= longest else {
      throw OverlongFile(path: path, bytes: file.size, limit: longest)
    }
    var kept: [Range<Int>] = []
    var (count, dropped) = (0, 0)
    var damaged: Int?
    try file.forEachLine(atMost: longestLine) { line, place in
      count += 1
      let known = line.flatMap { try? JSONText.decode(Line.self, from: $0) }
      let isTorn = place.upperBound == file.size && line?.count == place.count
      if let known, known.step <= step, !isTorn {
        if let damaged { throw MetricsError(path: path, line: damaged) }
        if kept.last?.upperBound == place.lowerBound {
          kept[kept.count - 1] = kept[kept.count - 1].lowerBound..<place.upperBound
        } else {
          kept.append(place)
        }
      } else {
        dropped += 1
        if known == nil { damaged = damaged ?? count }
      }
    }
    if dropped > 0 { try replace(path, with: kept, of: file) }
    return dropped
  }

  /// Puts these parts of the file in its place.
  private static func replace(
    _ path: String, with parts: [Range<Int>], of file: borrowing InputFile
  ) throws {
    try FileWriting.replace(path) { partial in
      let output = try OutputFile(
        path: partial, expectedBytes: parts.reduce(0) { $0 + $1.count })
      for part in parts { try file.forEachPiece(in: part) { try output.write($0) } }
      try output.sync()
    }
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
