import Glibc
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Whatever ends a run, the one that goes on from its checkpoint ends with the same bytes.
  @Suite struct InterruptionTests {
    let reference: Reference
    let files: RunFiles

    init() throws {
      reference = try Reference.made.get()
      files = RunFiles(try Scratch.path("run"))
    }

    /// In the second epoch, seven steps before its end and two after a checkpoint every five steps.
    private static let midEpoch = 17

    @Test(arguments: [
      (victim: 0, options: [], next: 5),
      // As launch/local starts it.
      (victim: 2, options: ["--quiet"], next: 2),
    ])
    func `kill -9 of one rank in mid-epoch ends all; other ranks finish the run`(
      victim: Int, options: [String], next: Int
    ) throws {
      var pids: [Int32] = []
      var killed: ContinuousClock.Instant?
      var gone: ContinuousClock.Instant?
      let run = try tutti(
        reference.options(files, ["checkpoint.every-steps=5"]), ranks: 3, options: options
      ) { running in
        if killed == nil, files.stepsTaken >= Self.midEpoch {
          pids = running.ranks
          if pids.indices.contains(victim) { Glibc.kill(pids[victim], SIGKILL) }
          killed = .now
        }
        if killed != nil, gone == nil, !pids.contains(where: isRunning) { gone = .now }
      }
      try #require(pids.count == 3)
      #expect(try #require(gone) - #require(killed) < .seconds(10))
      #expect(run.exitCode != 0 && run.exitCode != 124)
      #expect(run.complaints.count == 1)
      let line = run.complaints.first ?? ""
      #expect(line.contains("rank \(victim) (pid \(pids[victim]) on host "))
      #expect(line.contains(#/; it had [0-9]+ MB of memory, and may have [0-9.]+ [MG]B \(/#))
      #expect(line.contains("at step ") && line.contains("--resume auto"))
      let newest = try #require(files.checkpoints.last)
      #expect(newest == 15 || newest == 20)

      let second = try tutti(reference.options(files), ranks: next)
      #expect(second.exitCode == 0, "\(second.errors)")
      #expect(second.output.contains("resumed   after step \(newest)\n"))
      try reference.expectSameBits(files)
      try expectWholeMetrics()
    }

    @Test
    func `SIGUSR1 to mpirun stops with a checkpoint; another number of ranks finishes`() throws {
      var isAsked = false
      let run = try tutti(reference.options(files), ranks: 2) { running in
        if !isAsked, files.stepsTaken >= Self.midEpoch {
          Glibc.kill(running.process, SIGUSR1)
          isAsked = true
        }
      }
      #expect(run.exitCode == 75)
      #expect(run.complaints.isEmpty)
      let newest = try #require(files.checkpoints.last)
      #expect(newest >= Self.midEpoch && newest < 2 * Reference.stepsPerEpoch)
      #expect(try files.steps("step").last == newest, "steps were taken that aren't saved")
      #expect(run.output.contains("stopped   after step \(newest), which is saved"))

      let second = try tutti(reference.options(files), ranks: 3)
      #expect(second.exitCode == 0, "\(second.errors)")
      try reference.expectSameBits(files)
      try expectWholeMetrics()
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGUSR1])
    func `a rank that is alone stops for each signal`(_ signal: Int32) throws {
      var isAsked = false
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", files.path]
          + set(Photos.settings + ["training.epochs=1000"])
      ) { running in
        if !isAsked, files.stepsTaken >= 2 {
          Glibc.kill(running.process, signal)
          isAsked = true
        }
      }
      #expect(run.exitCode == 75)
      #expect(try files.checkpoints.last == files.steps("step").last)
    }

    /// A signal that is there before the first instruction, as it is before the last one that holds it.
    @Test func `a signal in the first moments stops a training after a step, and is not lost`()
      throws
    {
      let arguments =
        ["train", "--data", Photos.few, "--run", files.path]
        + set(
          Photos.settings + [
            "model.image-size=8", "training.global-batch=4", "training.micro-batch=4",
            "training.epochs=1000",
          ])
      let run = try ScriptRun.run(
        [
          "env", "--block-signal=USR1", "sh", "-c", #"kill -USR1 $$; exec "$TUTTI" "$@""#, "sh",
        ] + arguments, limit: 45)
      #expect(run.exitCode == 75, "\(run.output)")
      #expect(files.checkpoints.last == 1)
    }

    @Test func `a command that saves nothing is ended by a signal in its first moments`() throws {
      let run = try ScriptRun.run(
        ["env", "--block-signal=TERM", "sh", "-c", #"kill -TERM $$; exec "$TUTTI" models"#],
        limit: 45)
      #expect(run.exitCode == SIGTERM, "\(run.output)")
    }

    /// Every step once and in order, and each epoch that ended, as without an interruption.
    private func expectWholeMetrics() throws {
      #expect(try files.steps("step") == Array(1...Reference.lastStep))
      #expect(try files.steps("epoch") == [12, 24])
      let losses = try files.metrics().compactMap { $0["training_loss"] as? Double }
      let others = try reference.files.metrics().compactMap { $0["training_loss"] as? Double }
      #expect(losses == others)
    }
  }
}

/// Whether a process is there and no zombie.
private func isRunning(_ pid: Int32) -> Bool {
  guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1024)
  let length = fread(&bytes, 1, bytes.count, file)
  // The state follows the name, which stands in brackets.
  let text = String(decoding: bytes.prefix(length), as: UTF8.self)
  return text.split(separator: ")").last?.hasPrefix(" Z") == false
}
