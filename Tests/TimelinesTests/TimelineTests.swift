import Synchronization
import Testing

@testable import Timelines

@Suite struct TimelineTests {
  @Test func `nothing is recorded, and no name made, before the start and after the stop`() {
    let timeline = Timeline()
    func name() -> String {
      Issue.record("a name was made")
      return ""
    }
    #expect(timeline.main.slice(name(), .step) { 1 } == 1)
    timeline.main.slice(sinceMark: "b", .step, [])
    timeline.start()
    timeline.main.slice("c", .step) {}
    timeline.stop()
    timeline.main.slice(name(), .step) {}
    #expect(Lane?.none.slice(name(), .step) { 2 } == 2)
    #expect(timeline.take().map(\.slices.count) == [1])
  }

  @Test func `slices lie in each other, outer ones first, and are handed out once`() throws {
    struct Failure: Error {}
    let timeline = Timeline()
    timeline.start()
    let lane: Lane? = timeline.main
    try? lane.slice("outer", .step, [("number", .number(3))]) {
      lane.slice("first", .wait) {}
      timeline.main.slice(sinceMark: "second", .operation, [])
      try lane.slice("third", .ranks) { throw Failure() }
    }
    lane.slice("next", .step) {}
    let slices = timeline.take()[0].slices
    #expect(slices.map(\.name) == ["outer", "first", "second", "third", "next"])
    #expect(slices.map(\.depth) == [0, 1, 1, 1, 0])
    #expect(slices[0].details.map(\.name) == ["number"])
    for inner in slices[1...3] {
      #expect(slices[0].time.lowerBound <= inner.time.lowerBound)
      #expect(inner.time.upperBound <= slices[0].time.upperBound)
    }
    // What is measured from the mark begins where the slice before ended.
    #expect(slices[2].time.lowerBound == slices[1].time.upperBound)
    #expect(slices[3].time.lowerBound >= slices[2].time.upperBound)
    #expect(timeline.take()[0].slices.isEmpty)
  }

  @Test func `each thread has a lane of its own`() async {
    let timeline = Timeline()
    timeline.start()
    await withTaskGroup { group in
      for number in 1...4 {
        let lane = timeline.lane("loader \(number)")
        group.addTask {
          for photo in 0..<1000 { lane.slice("\(photo)", .loader) {} }
        }
      }
    }
    let lanes = timeline.take()
    #expect(lanes.map(\.thread) == ["main"] + (1...4).map { "loader \($0)" })
    #expect(lanes.map(\.slices.count) == [0, 1000, 1000, 1000, 1000])
    #expect(lanes[4].slices.map(\.name) == (0..<1000).map { "\($0)" })
  }

  @Test func `a slice that is under way at the stop is recorded`() {
    let timeline = Timeline()
    timeline.start()
    timeline.main.slice("under way", .loader) { timeline.stop() }
    #expect(timeline.take()[0].slices.map(\.name) == ["under way"])
  }
}
