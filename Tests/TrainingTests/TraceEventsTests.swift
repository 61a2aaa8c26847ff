import DataParallel
import Foundation
import Testing

@testable import Timelines
@testable import Training

@Suite struct TraceEventsTests {
  private func clock(_ offset: Int64) -> ClockAlignment {
    let offset = ClockOffset(time: 0, offset: offset, uncertainty: 2_500)
    return ClockAlignment(from: offset, to: offset)
  }

  private func slice(
    _ name: String, _ time: Range<Int64>, depth: Int = 0, _ details: Slice.Details = []
  ) -> Slice {
    Slice(name: name, category: .operation, time: time, depth: depth, details: details)
  }

  private func events(
    _ lanes: [(thread: String, slices: [Slice])], offset: Int64 = 0, host: String = "node"
  ) throws -> [[String: Any]] {
    var events = TraceEvents(rank: 3, host: host, clock: clock(offset), start: 1_000_000)
    events.add(lanes)
    let text = Data("[".utf8) + Data(events.bytes) + Data("]".utf8)
    return try #require(JSONSerialization.jsonObject(with: text) as? [[String: Any]])
  }

  @Test func `a rank is a process whose threads have names`() throws {
    let all = try events([
      ("main", [slice("a", 2_000_000..<3_500_999, [("step", .number(4))])]), ("idle", []),
      ("loader 1", [slice("b", 2_000_999..<2_001_000)]),
    ])
    #expect(all.allSatisfy { $0["pid"] as? Int == 3 })
    func named(_ event: String) -> [[String: Any]] {
      all.filter { $0["name"] as? String == event && $0["ph"] as? String == "M" }
    }
    let process = named("process_name")[0]["args"] as? [String: String]
    #expect(process == ["name": "rank 3 on node"])
    let labels = named("process_labels")[0]["args"] as? [String: String]
    #expect(labels == ["labels": "clock within 2.5 µs"])
    #expect(named("thread_name").map { $0["tid"] as? Int } == [1, 3])
    #expect(
      named("thread_name").map { ($0["args"] as? [String: String])?["name"] }
        == ["main", "loader 1"])
    let slices = all.filter { $0["ph"] as? String == "X" }
    #expect(slices.map { $0["name"] as? String } == ["a", "b"])
    #expect(slices.map { $0["cat"] as? String } == ["operation", "operation"])
    #expect(slices.map { $0["tid"] as? Int } == [1, 3])
    #expect(slices[0]["ts"] as? Int == 1000 && slices[0]["dur"] as? Int == 1500)
    // Begin and end are rounded alike.
    #expect(slices[1]["ts"] as? Int == 1000 && slices[1]["dur"] as? Int == 1)
    #expect((slices[0]["args"] as? [String: Int]) == ["step": 4])
    #expect(slices[1]["args"] == nil)
  }

  @Test func `times are those of rank 0's clock, also before the start`() throws {
    let slices = [slice("a", 2_000_000..<2_001_000)]
    func times(_ offset: Int64) throws -> Int? {
      try events([("main", slices)], offset: offset).last?["ts"] as? Int
    }
    #expect(try times(0) == 1000 && times(5_000_000) == 6000)
    #expect(try times(-1_000_001) == -1 && times(-1_001_000) == -1)
  }

  @Test(arguments: ["\"\\\n\u{1}", "Grüße 🎵", "</script>", ""])
  func `names may be anything`(name: String) throws {
    let all = try events([("main", [slice(name, 0..<1, [("photo", .text(name))])])], host: name)
    #expect(all.last?["name"] as? String == name)
    #expect((all.last?["args"] as? [String: String])?["photo"] == name)
    #expect((all[0]["args"] as? [String: String])?["name"] == "rank 3 on \(name)")
  }
}
