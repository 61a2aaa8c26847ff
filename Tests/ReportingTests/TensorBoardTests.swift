import EpochRules
import Evaluation
import Files
import Foundation
import Support
import SwiftProtobuf
import Testing

@testable import Reporting
@testable import Training

/// Event files, byte by byte as TensorBoard's own writer makes them, and what is in them.
@Suite struct TensorBoardTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private struct GoldenFile: Decodable {
    struct Event: Decodable {
      let wallTime: Double
      let step: Int
      let tags: [String]?
      let values: [Double]

      enum CodingKeys: String, CodingKey {
        case step, tags, values
        case wallTime = "wall_time"
      }
    }

    let events: [Event]
    let file: String
  }

  @Test func `the bytes are those of TensorBoard's writer`() throws {
    let golden = try JSONDecoder().decode(
      GoldenFile.self, from: Data(contentsOf: URL(filePath: Golden.path("event_files.json"))))
    // The file's name and its first two events have one time.
    let first = golden.events[0].wallTime
    var times = [first, first] + golden.events.map(\.wallTime)
    let file = try EventFile(in: scratch.path, from: golden.events[0].step) { times.removeFirst() }
    for event in golden.events.dropFirst() {
      try file.write(
        Array(zip(event.tags ?? [], event.values)).map { (tag: $0.0, value: $0.1) },
        step: event.step)
    }
    let bytes = try Data(contentsOf: URL(filePath: file.path))
    #expect(bytes.map { String(format: "%02x", $0) }.joined() == golden.file)
    #expect(file.path.contains("/events.out.tfevents.1700000000."))
  }

  @Test func `a training's numbers are scalars of their steps`() throws {
    let board = TensorBoardFile(folder: scratch.path)
    try board.observe(.started(.sample(step: 10)))
    try board.observe(.step(.sample(step: 11, loss: 0.25)))
    try board.observe(.step(.sample(step: 12, loss: nil)))
    try board.observe(.epoch(.sample(clippedShare: 0.5, average: sampleScores(loss: 0.125))))
    let events = try events()
    // TensorBoard forgets what an earlier file says of this step and later ones.
    #expect(events[1].sessionLog.status == .start && events[1].step == 11)
    let step = Dictionary(
      uniqueKeysWithValues: events[2].summary.value.map { ($0.tag, $0.simpleValue) })
    #expect(
      step == [
        "train/loss": 0.25, "train/accuracy": 0.75, "train/learning_rate": 0.000048,
        "train/gradient_norm": 1.5, "speed/images_per_second": 32,
      ])
    // What is no number has no place on an axis.
    #expect(!events[3].summary.value.contains { $0.tag == "train/loss" })
    let epoch = Dictionary(
      uniqueKeysWithValues: events[4].summary.value.map { ($0.tag, $0.simpleValue) })
    #expect(events[4].step == 10)
    #expect(epoch["validation/accuracy"] == 0.75 && epoch["validation/loss"] == 0.3125)
    #expect(epoch["validation_of_average/loss"] == 0.125 && epoch["epoch/clipped_share"] == 0.5)
    #expect(epoch["validation_f1/awe"] == 0.8)
  }

  @Test func `a run that has nothing to do leaves no file`() throws {
    try TensorBoardFile(folder: scratch.path).observe(.started(.sample(step: 20)))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test func `a folder that can't be written to is an error that says so`() throws {
    let board = TensorBoardFile(folder: scratch.path + "/absent")
    let error = try #require(throws: MetricsFileError.self) {
      try board.observe(.started(.sample()))
    }
    #expect(error.description.contains("absent/events.out.tfevents."))
  }

  /// The events of the only file.
  private func events() throws -> [Tensorboard_Event] {
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(names.count == 1)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(scratch.path)/\(names[0])")))
    var events: [Tensorboard_Event] = []
    var place = 0
    while place < bytes.count {
      let count = Int(bytes[place]) | Int(bytes[place + 1]) << 8
      events.append(
        try Tensorboard_Event(serializedBytes: Array(bytes[(place + 12)..<(place + 12 + count)])))
      place += count + 16
    }
    return events
  }
}
