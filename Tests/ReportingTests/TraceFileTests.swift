import Foundation
import Support
import Testing

@testable import Reporting
@testable import Training

@Suite struct TraceFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func trace(ranks: Int, steps: ClosedRange<Int>) -> TrainingTrace {
    TrainingTrace(
      steps: steps,
      ranks: (0..<ranks).map {
        RankTrace(
          host: "node\"\($0)", clockOffset: Int64($0) * -1_500, clockUncertainty: 2_000,
          events: Array("{\"pid\":\($0)},\n{\"pid\":\($0)}".utf8))
      })
  }

  @Test(arguments: [
    (1, 7...7, "step 7 of 1 rank"), (3, 3...5, "steps 3 to 5 of 3 ranks"),
  ])
  func `all ranks' events are in one document, with their clocks`(
    ranks: Int, steps: ClosedRange<Int>, told: String
  ) throws {
    let path = "\(scratch.path)/made/trace.json"
    try TraceFile.check(path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/made").isEmpty)
    let written = Written()
    let file = TraceFile(path: path, console: written.console())
    try file.observe(.saving)
    try file.observe(.traced(trace(ranks: ranks, steps: steps)))
    #expect(
      written.take() == "trace     \(path): \(told); open it at https://ui.perfetto.dev\n")
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    let events = try #require(document["traceEvents"] as? [[String: Int]])
    #expect(events.map { $0["pid"] } == (0..<ranks).flatMap { [$0, $0] })
    let other = try #require(document["otherData"] as? [String: Any])
    #expect(other["steps"] as? [Int] == [steps.lowerBound, steps.upperBound])
    let clocks = try #require(other["clocks"] as? [[String: Any]])
    #expect(clocks.map { $0["host"] as? String } == (0..<ranks).map { "node\"\($0)" })
    #expect(clocks.map { $0["offset"] as? Double } == (0..<ranks).map { -1.5 * Double($0) })
    #expect(clocks.allSatisfy { $0["uncertainty"] as? Double == 2 })
  }

  @Test func `a file that is there, or can't be, is told before`() throws {
    let path = "\(scratch.path)/trace.json"
    try Data("mine".utf8).write(to: URL(filePath: path))
    let told = #expect(throws: (any Error).self) { try TraceFile.check(path) }
    #expect("\(told as Any)".contains("is there already; name another file with --trace"))
    let below = #expect(throws: (any Error).self) { try TraceFile.check("\(path)/trace.json") }
    #expect("\(below as Any)".contains("Not a directory"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }
}
