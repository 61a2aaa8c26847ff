import Testing
import WorkerRun

@Suite struct TeamDeskTests {
  @Test(arguments: [(1, 1, 3), (2, 2, 7), (3, 3, 12), (4, 4, 2), (4, 2, 5), (4, 4, 5), (3, 1, 2)])
  func `each job has each epoch once, whoever joins`(ranks: Int, teams: Int, jobs: Int) throws {
    let run = try WorkerRun.run(["jobs", "\(jobs)", "\(teams)", "6"], ranks: ranks)
    #expect(run.exitCode == 0, "\(run.errors)")
    let sizes = run.lines.dropLast().map { $0.split(separator: " ").compactMap { Int($0) } }
    #expect(sizes.count == jobs)
    for job in sizes {
      #expect(job.count == 6 && job == job.sorted() && job.allSatisfy { (1...ranks).contains($0) })
    }
  }

  @Test func `the last job gets the ranks that find none`() throws {
    let run = try WorkerRun.run(["jobs", "3", "2", "8"], ranks: 2)
    #expect(run.exitCode == 0, "\(run.errors)")
    let last = try #require(run.lines.dropFirst(2).first)
    #expect(last.hasPrefix("1") && last.hasSuffix("2"))
  }

  @Test(arguments: [0, 2])
  func `any rank can stop it`(rank: Int) throws {
    let run = try WorkerRun.run(["jobs-stop", "\(rank)"], ranks: 3)
    #expect(run.lines == ["stopped"], "\(run.errors)")
    #expect(run.exitCode == 0)
  }
}
