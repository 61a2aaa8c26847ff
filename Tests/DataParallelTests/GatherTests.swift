import Testing
import WorkerRun

@testable import DataParallel

@Suite struct GatherTests {
  @Test(arguments: [1, 2, 3, 5])
  func `optimiser state goes out to the shards and comes back`(ranks: Int) throws {
    let run = try WorkerRun.run(["state"], ranks: ranks)
    #expect(run.lines == ["state came back from \(ranks) ranks"])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test(arguments: [2, 3, 4])
  func `results come in atom order, and sums have the same bits`(ranks: Int) throws {
    let alone = try WorkerRun.run(["atoms", "17"], ranks: 1)
    let run = try WorkerRun.run(["atoms", "17"], ranks: ranks)
    #expect(alone.lines.count == 1)
    #expect(run.lines == alone.lines)
  }

  @Test func `all ranks name the same difference, with rank, host and both values`() throws {
    let run = try WorkerRun.run(["fingerprint", "2"], ranks: 3)
    #expect(Set(run.lines).count == 1 && run.lines.count == 3)
    let line = try #require(run.lines.first)
    #expect(line.contains("recipe is 600d on rank 0 (host "))
    #expect(line.contains("but 0bad on rank 2 (host "))
    #expect(line.contains("CPU is avx2 avx512f on rank 0"))
    #expect(!line.contains("binary is"))
    #expect(
      try WorkerRun.run(["fingerprint", "9"], ranks: 3).lines == ["equal", "equal", "equal"])
  }

  @Test func `who waits for rank 0 waits as long as it says that it gets on`() throws {
    let run = try WorkerRun.run(["work", "1", "tell"], ranks: 2)
    #expect(run.lines == ["done", "done"])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try WorkerRun.run(["work", "1", "keep"], ranks: 2).exitCode == 69)
  }

  @Test func `fingerprints of other lengths, and of several odd ranks`() {
    let usual = ["a", "binary", "1", "recipe", "2"]
    #expect(Fingerprint.differences([usual, usual]).isEmpty)
    #expect(
      Fingerprint.differences([usual, ["b", "binary", "1"], ["c", "binary", "1", "recipe", "3"]])
        == ["recipe is 2 on rank 0 (host a) but nothing on rank 1 (host b) and 1 more ranks"])
  }
}
