import Files
import Foundation
import Support
import Testing

@testable import Runs

@Suite struct FollowedMetricsTests {
  let scratch: Scratch
  var path: String { scratch.path + "/metrics.jsonl" }

  init() throws { scratch = try Scratch() }

  private func line(_ step: Int) -> String {
    "{\"accuracy\":0.5,\"epoch\":0,\"gradient_norm\":1,\"images_per_second\":32,\"kind\":\"step\","
      + "\"learning_rate\":0.001,\"loss\":2,\"seconds\":1,\"step\":\(step)}\n"
  }

  private func append(_ text: String) throws {
    if !Paths.exists(path) { try scratch.write("", to: "metrics.jsonl") }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  private func steps(_ metrics: FollowedMetrics) -> [Int] { metrics.record.steps.map(\.step) }

  @Test func `what is added is read, and what was read is not read again`() throws {
    var metrics = FollowedMetrics(path: path)
    #expect(try !metrics.readOn() && metrics.lastChange == nil)
    try append(line(1) + line(2))
    #expect(try metrics.readOn() && metrics.lastChange != nil)
    #expect(try !metrics.readOn())
    #expect(steps(metrics) == [1, 2])
    // What stands before the place is another line by now: whoever read from the beginning would see it.
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.write(contentsOf: Data(line(7).utf8))
    try file.close()
    try append(line(3))
    #expect(try metrics.readOn())
    #expect(steps(metrics) == [1, 2, 3])
  }

  @Test func `a torn last line is read when it is whole`() throws {
    var metrics = FollowedMetrics(path: path)
    let (second, third) = (line(2), line(3))
    try append(line(1) + second.prefix(40))
    #expect(try metrics.readOn() && steps(metrics) == [1])
    try append(String(second.dropFirst(40).dropLast()))
    #expect(try metrics.readOn() && steps(metrics) == [1])
    try append("\n" + third + "{\"kind\":\"st")
    #expect(try metrics.readOn() && steps(metrics) == [1, 2, 3])
  }

  /// As a run that resumes does, whose checkpoint knows of fewer steps; also where the new file is longer.
  @Test(arguments: [1, 9])
  func `another file in its place is read from its beginning`(last: Int) throws {
    var metrics = FollowedMetrics(path: path)
    try append((1...5).map(line).joined())
    #expect(try metrics.readOn() && steps(metrics) == Array(1...5))
    try FileWriting.replace(path, with: Array((1...last).map { line($0 + 10) }.joined().utf8))
    #expect(try metrics.readOn() && steps(metrics) == (1...last).map { $0 + 10 })
  }

  @Test func `a file that was cut, or written over, is read from its beginning`() throws {
    var metrics = FollowedMetrics(path: path)
    try append((1...5).map(line).joined())
    _ = try metrics.readOn()
    #expect(truncate(path, line(1).utf8.count) == 0)
    #expect(try metrics.readOn() && steps(metrics) == [1])
    // Longer than before, and what ended a line there doesn't.
    #expect(truncate(path, 0) == 0)
    try append("{\"kind\":\"start\",\"step\":0,\"epoch\":0,\"ranks\":3,\"classes\":[]}\n")
    let longer = (6...9).map(line).joined()
    try append(longer)
    #expect(try metrics.readOn() && steps(metrics) == Array(6...9))
    #expect(metrics.record.starts.map(\.ranks) == [3])
  }

  @Test func `a file that is gone leaves nothing`() throws {
    var metrics = FollowedMetrics(path: path)
    try append(line(1))
    _ = try metrics.readOn()
    try FileManager.default.removeItem(atPath: path)
    #expect(try metrics.readOn() && steps(metrics).isEmpty && metrics.lastChange == nil)
    #expect(try !metrics.readOn())
  }

  @Test func `of a run's end the epochs are read alone`() throws {
    try append(
      line(1)
        + "{\"epoch\":0,\"images_per_second\":8,\"is_best\":true,\"kind\":\"epoch\",\"step\":1,"
        + "\"training_loss\":1.5,\"validation_seconds\":3,\"waited_share\":0}\n")
    let record = try MetricsRecord(path: path, epochsAlone: true)
    #expect(record.steps.isEmpty && record.epochs.map(\.trainingLoss) == [1.5])
    #expect(try MetricsRecord(path: path).steps.count == 1)
  }
}
