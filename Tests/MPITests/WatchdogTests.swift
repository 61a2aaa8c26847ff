import Testing
import WorkerRun

@testable import MPI

@Suite struct WatchdogTests {
  @Test(arguments: [
    (0, "stop", "is stopped, by SIGSTOP"), (2, "stop", "is stopped, by SIGSTOP"),
    (1, "compute", "computes or is held up"),
    // Patience is for ranks that compute.
    (1, "stop-patient", "is stopped, by SIGSTOP"),
  ])
  func `a rank that hangs is named within the deadline, and all end`(
    rank: Int, how: String, told: String
  ) throws {
    let run = try WorkerRun.run(["hang", "\(rank)", how, "2"], ranks: 3, limit: 30)
    #expect(run.exitCode == 69)
    #expect(!run.output.contains("done"))
    // Two seconds, mpirun's two for those that don't end by themselves, and its start.
    #expect(run.seconds < 15)
    let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("tutti:") }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(!line.hasPrefix("tutti: rank \(rank) "))
    #expect(line.contains(" on host \(hostName()), step 12: has waited 2 s in MPI_Ibarrier; "))
    #expect(line.contains("; rank \(rank) (pid "), "\(line)")
    #expect(line.contains(told), "\(line)")
    // The worker has no --resume.
    #expect(
      line.hasSuffix(
        "; the same command starts again, where --collective-timeout SECONDS lets ranks wait longer"
      ))
  }

  @Test func `a rank that hangs is named by its own host, which speaks first`() throws {
    let run = try ScriptRun.run(
      [
        "Tests/cluster/hosts", "2", "sh", "-c",
        #"mpirun --quiet --hostfile "$HOSTFILE" --bind-to none "$WORKER" hang 3 stop 2"#,
      ], limit: 60)
    if run.isSkipped { try Test.cancel("\(run.output)") }
    #expect(run.exitCode == 69)
    let lines = run.output.split(separator: "\n").filter { $0.hasPrefix("tutti:") }
    let line = try #require(lines.first)
    #expect(
      line.hasPrefix("tutti: rank 2 on host node2, step 12: has waited 2 s in MPI_Ibarrier; "))
    #expect(line.contains("; rank 3 (pid "), "\(line)")
    #expect(lines.count == 1, "\(run.output)")
  }

  @Test func `a wait that is meant to be long has no deadline`() throws {
    let run = try WorkerRun.run(["hang", "1", "patient", "1"], ranks: 2, limit: 30)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines == ["done", "done"])
  }

  /// As `strace -p` does it, or the moments in which a job is suspended and goes on.
  @Test func `a rank that was stopped for a moment is waited for`() throws {
    let run = try WorkerRun.run(["hang", "1", "pause-patient", "1"], ranks: 3, limit: 30)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines == ["done", "done", "done"])
  }
}

@Suite struct StartWatchTests {
  @Test(arguments: [0, 2])
  func `a rank that doesn't come through MPI's start ends all, with one line`(rank: Int) throws {
    let run = try WorkerRun.run(["start", "\(rank)", "2"], ranks: 3, limit: 40)
    #expect(run.exitCode == 69)
    #expect(run.output.isEmpty)
    let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("tutti:") }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(!line.hasPrefix("tutti: rank \(rank) "))
    #expect(line.contains(" of 3 on host \(hostName()): MPI hasn't started after 2 s: "), "\(line)")
  }

  @Test func `the watch is over when MPI has started`() throws {
    let run = try WorkerRun.run(["start", "9", "5", "6"], ranks: 2, limit: 30)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines == ["started", "started"])
  }
}

@Suite struct LoneRankTests {
  @Test(arguments: [
    ([:], true),
    (["SLURM_NTASKS": "1"], true),
    (["SLURM_NTASKS": "4"], false),
    (["SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1"], true),
    (["SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "2"], false),
    (["SLURM_NTASKS": "4", "OMPI_COMM_WORLD_SIZE": "1"], true),
    (["PMI_RANK": "0", "PMI_SIZE": "2"], false),
  ])
  func `is an error where its launcher started more than MPI knows of`(
    environment: [String: String], isFine: Bool
  ) {
    do throws(LoneRank) {
      try LoneRank.check(size: 1) { environment[$0] }
      #expect(isFine)
    } catch {
      #expect(!isFine)
      #expect("\(error)".contains("srun --mpi=pmix"))
    }
  }

  @Test func `with PMIx, MPI is asked first`() throws {
    let environment = ["SLURM_NTASKS": "4", "PMIX_RANK": "0"]
    try LoneRank.check(size: nil) { environment[$0] }
    try LoneRank.check(size: 4) { environment[$0] }
  }
}
