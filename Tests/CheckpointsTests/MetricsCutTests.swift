import Checkpoints
import Files
import Glibc
import Support
import Testing

@Suite struct MetricsCutTests {
  private static let lines = (1...4).map { "{\"epoch\":0,\"kind\":\"step\",\"step\":\($0)}\n" }

  private static let zeros = String(repeating: "\0", count: 5000)

  private static let cases: [(text: String, step: Int, expected: String, dropped: Int)] = [
    (lines.joined(), 4, lines.joined(), 0),
    (lines.joined(), 2, lines[0] + lines[1], 2),
    (lines.joined() + "{\"step\":5", 4, lines.joined(), 1),
    (lines.joined() + "{\"step\":4}", 4, lines.joined(), 1),
    (lines[3] + lines[0], 3, lines[0], 1),
    (lines[3], 0, "", 1),
    ("", 4, "", 0),
    // What a power cut leaves behind the lines that were synced: zeros, pieces, lines of later steps.
    (lines[0] + zeros, 1, lines[0], 1),
    (lines[0] + zeros + "\n" + lines[2], 1, lines[0], 2),
    (lines[0] + lines[1] + "p\":0}\n" + zeros + "\n", 2, lines[0] + lines[1], 2),
  ]

  @Test(arguments: cases)
  func `keeps what the checkpoint knows`(
    text: String, step: Int, expected: String, dropped: Int
  ) throws {
    let scratch = try Scratch()
    let path = scratch.path + "/metrics.jsonl"
    try FileWriting.replace(path, with: Array(text.utf8))
    #expect(try MetricsCut.cut(path, after: step) == dropped)
    #expect(try String(decoding: contents(of: path), as: UTF8.self) == expected)
  }

  @Test func `names a line that has no step amid those that the checkpoint knows`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/metrics.jsonl"
    try FileWriting.replace(path, with: Array((Self.lines[0] + "{}\n" + Self.lines[1]).utf8))
    let error = #expect(throws: MetricsError.self) { try MetricsCut.cut(path, after: 9) }
    #expect(error?.path == path && error?.line == 2)
  }

  @Test func `a sparse file of a terabyte is refused`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("metrics.jsonl", [])
    #expect(truncate(path, 1 << 40) == 0)
    #expect(throws: OverlongFile.self) { try MetricsCut.cut(path, after: 1) }
  }

  @Test func `needs no file`() throws {
    let scratch = try Scratch()
    #expect(try MetricsCut.cut(scratch.path + "/metrics.jsonl", after: 9) == 0)
  }
}
