import Files
import EpochRules
import Evaluation
import Foundation
import Support
import Testing

@testable import Reporting
@testable import Training

@Suite struct MetricsFileTests {
  let scratch: Scratch
  var path: String { scratch.path + "/metrics.jsonl" }

  init() throws { scratch = try Scratch() }

  @Test func `a step and an epoch are a line each`() throws {
    let file = try MetricsFile(path: path)
    try file.observe(.started(.sample()))
    try file.observe(.step(.sample(step: 11, loss: .nan)))
    try file.observe(.epoch(.sample(isBest: true)))
    try file.observe(.saving)
    try file.observe(.checkpoint(path: "a", step: 11, isBest: true))
    try file.observe(.step(.sample(step: 12)))
    let scores = try JSONText.encode(sampleScores())
    #expect(
      try text() == """
        {"classes":[{"name":"joy","photos":600},{"name":"awe","photos":40}],"epoch":0,"kind":"start",\
        "last_step":20,"ranks":2,"step":0,"steps_per_epoch":10,"training_photos":640}
        {"accuracy":0.75,"epoch":1,"gradient_norm":1.5,"images_per_second":32,"kind":"step",\
        "learning_rate":4.8e-05,"loss":"nan","seconds":2,"step":11}
        {"epoch":0,"exchange_share":0.25,"images_per_second":8.25,"is_best":true,"kind":"epoch",\
        "memory_left":700,"memory_limit":1000,"resident_bytes":200,"step":10,\
        "training_accuracy":0.5128,"training_loss":1.23456,"validation":\(scores),\
        "validation_seconds":3,"waited_for_ranks_share":0.25,"waited_share":0.04}
        {"accuracy":0.75,"epoch":1,"gradient_norm":1.5,"images_per_second":32,"kind":"step",\
        "learning_rate":4.8e-05,"loss":0.5,"seconds":2,"step":12}

        """)
  }

  @Test func `a start without a step leaves the file as it was`() throws {
    let file = try MetricsFile(path: path)
    try file.observe(.started(.sample()))
    #expect(try text().isEmpty)
    try file.observe(.passedOver(.sample()))
    #expect(try text().split(separator: "\n").count == 2)
  }

  @Test func `what the system doesn't tell, and a rank that is alone, have no keys`() throws {
    try MetricsFile(path: path).observe(
      .epoch(.sample(exchange: nil, memory: MemoryReport(resident: 0, limit: 0, left: 0))))
    #expect(try !text().contains("ranks_share") && !text().contains("memory"))
    #expect(try !text().contains("resident") && !text().contains("exchange"))
  }

  @Test func `without validation photos there are no scores`() throws {
    try MetricsFile(path: path).observe(.epoch(.sample(validation: nil)))
    #expect(try !text().contains("\"validation\""))
  }

  @Test func `where nothing has counted there is no loss`() throws {
    let file = try MetricsFile(path: path)
    try file.observe(.step(.sample(step: 1, loss: nil)))
    try file.observe(.epoch(.sample(trainingLoss: nil, trainingAccuracy: nil, validation: nil)))
    let lines = try text().split(separator: "\n")
    #expect(lines.count == 2 && !lines[0].contains("loss") && lines[0].contains("\"accuracy\""))
    #expect(lines.last?.contains("loss") == false && lines.last?.contains("accuracy") == false)
  }

  @Test func `lines are on the disk at once, after those that were there`() throws {
    try scratch.write("{}\n", to: "metrics.jsonl")
    let first = try MetricsFile(path: path)
    try first.observe(.step(.sample(step: 1)))
    let second = try MetricsFile(path: path)
    try second.observe(.step(.sample(step: 2)))
    let lines = try text().split(separator: "\n")
    let expected = ["{}", "\"step\":1}", "\"step\":2}"]
    #expect(lines.count == 3 && zip(lines, expected).allSatisfy { $0.hasSuffix($1) })
  }

  /// The tables of docs/file-formats.md have all keys and no others.
  @Test func `the keys are those of the documentation`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/file-formats.md"), encoding: .utf8)
    let start = try #require(page.range(of: "## `metrics.jsonl`\n")).upperBound
    let end = try #require(page.range(of: "\n## ", range: start..<page.endIndex)).lowerBound
    var tables: [Set<String>] = []
    for line in page[start..<end].split(separator: "\n") where line.hasPrefix("| ") {
      if line.hasPrefix("| key") {
        tables.append([])
      } else {
        let keys = line.split(separator: "|")[0].split(separator: "`").filter { !$0.contains(" ") }
        tables[tables.count - 1].formUnion(keys.map(String.init))
      }
    }
    try #require(tables.count == 5)
    let file = try MetricsFile(path: path)
    try file.observe(.started(.sample()))
    try file.observe(.step(.sample(step: 1, lossScale: 1024)))
    let stop = EarlyStop(metric: .loss, best: 1, epochs: 3)
    try file.observe(
      .epoch(
        .sample(
          isMixed: true, clippedShare: 0.5, average: sampleScores(), learningRateFactor: 0.1,
          stop: stop)))
    try file.observe(.passedOver(.sample(lossScale: 512)))
    let written = try text().split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return Set(try #require(object as? [String: Any]).keys)
    }
    #expect(
      written == [1, 2, 4, 3].map { tables[0].union(tables[$0]) })
  }

  @Test func `a file that can't be opened is named`() {
    let missing = scratch.path + "/not there/metrics.jsonl"
    let error = #expect(throws: MetricsFileError.self) { try MetricsFile(path: missing) }
    #expect(error?.code == ENOENT)
    #expect(error?.description.hasPrefix("\(missing) can't be written: No such file") == true)
  }

  @Test func `a disk that is full ends the run`() throws {
    let file = try MetricsFile(path: "/dev/full")
    let error = #expect(throws: MetricsFileError.self) {
      try file.observe(.step(.sample(step: 1)))
    }
    #expect(error?.code == ENOSPC && error?.path == "/dev/full")
  }

  /// A device without a disk behind it tells whether it was asked.
  @Test func `before a checkpoint what was written goes to the disk`() throws {
    let file = try MetricsFile(path: "/dev/null")
    try file.observe(.step(.sample(step: 1)))
    let error = #expect(throws: MetricsFileError.self) {
      try file.observe(.saving)
    }
    #expect(error?.code == EINVAL)
  }

  private func text() throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }
}
