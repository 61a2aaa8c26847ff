import Testing
import WorkerRun

@Suite struct WorkQueueTests {
  @Test(arguments: [(1, 3), (2, 7), (3, 12), (4, 2), (4, 0)])
  func `each item is handed out once`(ranks: Int, items: Int) throws {
    let run = try WorkerRun.run(["queue", "\(items)"], ranks: ranks)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines.count == (items == 0 ? 1 : 2))
    #expect(run.output.hasPrefix((0..<items).map(String.init).joined(separator: " ") + "\n"))
  }

  @Test func `who is free gets the next: the first, which is slow, gets the fewest`() throws {
    let run = try WorkerRun.run(["queue", "24"], ranks: 3)
    let counts = try #require(run.lines.last).split(separator: " ").compactMap { Int($0) }
    #expect(counts.count == 3 && counts.reduce(0, +) == 24)
    #expect(counts[0] < counts[1] && counts[0] < counts[2])
  }

  @Test(arguments: [0, 2])
  func `any rank can stop it`(rank: Int) throws {
    let run = try WorkerRun.run(["queue-stop", "\(rank)"], ranks: 3)
    #expect(run.lines == ["stopped"], "\(run.errors)")
    #expect(run.exitCode == 0)
  }
}
