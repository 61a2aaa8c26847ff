import Glibc
import Testing
import WorkerRun

/// How runs end: whatever happens to one rank, all end, and one line says why.
@Suite struct EndTests {
  @Test(arguments: [0, 2])
  func `an error on one rank ends all with its line and its exit code`(rank: Int) throws {
    let run = try WorkerRun.run(["fail", "\(rank)", "65", "no photo"], ranks: 3, limit: 20)
    #expect(run.exitCode == 65)
    let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("tutti:") }
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("tutti: rank \(rank) on host ") == true)
    #expect(lines.first?.hasSuffix(", step 12: no photo") == true)
  }

  @Test(arguments: [0, 1, 2])
  func `a killed rank ends all others, which ignore SIGTERM`(victim: Int) throws {
    // Time for mpirun to see that all are gone; it ends them itself only after this time.
    let patience = 3.0
    var pids: [pid_t] = []
    var killed: ContinuousClock.Instant?
    var gone: ContinuousClock.Instant?
    let run = try WorkerRun.run(
      ["linger", "7"], ranks: 3,
      options: ["--mca", "odls_base_sigkill_timeout", "\(Int(patience))"],
      limit: 20
    ) { running in
      let lines = running.output.split(separator: "\n").map { $0.split(separator: " ") }
      if killed == nil, lines.count == 3 {
        pids = lines.compactMap { pid_t($0[1]) }
        usleep(500_000)
        for line in lines where line[0] == "\(victim)" { Glibc.kill(pid_t(line[1]) ?? 0, SIGKILL) }
        killed = .now
      }
      if killed != nil, gone == nil, !pids.contains(where: isRunning) { gone = .now }
    }
    let start = try #require(killed)
    let end = try #require(gone)
    #expect(end - start < .seconds(patience - 1), "the ranks ended too late")
    #expect(run.exitCode != 0 && run.exitCode != 124)
    #expect(run.seconds < 12)
    let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("tutti:") }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("rank \(victim) (pid ") == true)
    #expect(lines.first?.contains("at step 7") == true)
  }

  /// A shell is the launcher, whose end MPI doesn't see.
  @Test func `a rank that doesn't end when its launcher is gone is ended`() throws {
    let run = try ScriptRun.run(
      [
        "bash", "-c",
        #"""
        bash -c 'echo launcher $$
          OMPI_COMM_WORLD_RANK=0 sh -c "\"\$WORKER\" linger 0 2; echo ended with \$?" & wait' \
        | while read -r word number; do
          echo "$word $number"
          case $word in launcher) launcher=$number ;; 0) kill -KILL "$launcher" ;; esac
        done
        """#,
      ], limit: 60)
    #expect(run.output.contains("ended with 69"), "\(run.output)")
  }

  @Test func `a rank that waits leaves its core to others`() throws {
    var ticks: Int?
    _ = try WorkerRun.run(["linger", "0"], ranks: 2, limit: 4) { running in
      let pid = running.output.split(separator: "\n").first { $0.hasPrefix("0 ") }?.dropFirst(2)
      guard let pid, let stat = try? contents(of: "/proc/\(pid)/stat") else { return }
      let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
      // utime and stime are the fields 14 and 15; the state, after the name, is the third.
      if fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) {
        ticks = user + system
      }
    }
    // Rank 0 waited for three seconds or more; with start-up it used less than one of a core.
    #expect(try #require(ticks) < 100)
  }

  @Test func `a request that nobody waited for is a sentence, not a lost message`() throws {
    let run = try WorkerRun.run(["drop"], ranks: nil, limit: 30)
    #expect(run.exitCode != 0)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("a request for MPI_Irecv was dropped without wait()"))
  }
}

/// Whether a process is there and no zombie.
private func isRunning(_ pid: pid_t) -> Bool {
  guard let stat = try? contents(of: "/proc/\(pid)/stat") else { return false }
  return stat.split(separator: ")").last?.hasPrefix(" Z") == false
}

private struct Missing: Error {}

private func contents(of path: String) throws -> String {
  guard let file = fopen(path, "r") else { throw Missing() }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1024)
  let length = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes.prefix(length), as: UTF8.self)
}
