import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// What lowers the learning rate and ends a training at an epoch's end, on ranks and over interruptions.
  @Suite struct EpochRuleTests {
    /// Two steps an epoch. No epoch is so much better than the first, so the sixth is the last; the fourth isn't
    /// better at all than the one before.
    static let settings =
      Photos.settings + [
        "training.epochs=9", "training.global-batch=64", "training.micro-batch=8",
        "schedule.name=step", "schedule.step-at=[2ep, 60%]", "schedule.warmup=3st",
        "plateau.patience=0", "plateau.metric=accuracy", "plateau.factor=0.5",
        "early-stopping.patience=5", "early-stopping.min-delta=2", "checkpoint.every-steps=1",
        "checkpoint.keep=20",
      ]

    private func train(
      _ run: RunFiles, _ photos: String, _ changes: [String] = [], ranks: Int? = nil
    ) throws -> WorkerRun {
      let result = try tutti(
        ["train", "--data", photos, "--run", run.path, "--resume", "auto"]
          + set(Self.settings + changes), ranks: ranks)
      try #require(result.exitCode == 0, "\(result.errors)")
      return result
    }

    @Test func `same bits on ranks, and over stops before and between epochs' ends`() throws {
      let photos = try Photos.folder(train: 130)
      let alone = RunFiles(try Scratch.path("run"))
      let result = try train(alone, photos)
      #expect(
        result.output.contains("stopping  early, since macro F1 hasn't got better for 5 epochs"))
      #expect(
        result.output.contains(
          "plateau   from here on the learning rate is the schedule's times 0.5"))
      #expect(alone.checkpoints == Array(1...12))
      let expected = try (1...12).map { try alone.contents(ofCheckpoint: $0) }
      #expect(expected[11].count == 3)
      for ranks in 2...4 {
        let run = RunFiles(try Scratch.path("run"))
        _ = try train(run, photos, ranks: ranks)
        #expect(run.checkpoints == alone.checkpoints)
        for step in 1...12 {
          #expect(
            try run.contents(ofCheckpoint: step) == expected[step - 1],
            "step \(step) on \(ranks) ranks")
        }
      }
      let run = RunFiles(try Scratch.path("run"))
      for (stop, ranks) in [(1, 3), (8, 2), (11, 4)] {
        _ = try train(run, photos, ["training.max-steps=\(stop)"], ranks: ranks)
        #expect(run.checkpoints.last == stop)
      }
      _ = try train(run, photos, ["training.max-steps=none"], ranks: 2)
      #expect(run.checkpoints.last == 12)
      #expect(try run.contents(ofCheckpoint: 12) == expected[11])
    }

    @Test func `what has ended early is finished, and a fork of it goes on`() throws {
      let photos = try Photos.folder(train: 130)
      let run = RunFiles(try Scratch.path("run"))
      _ = try train(run, photos)
      let metrics = try run.metrics()
      let epochs = metrics.filter { $0["kind"] as? String == "epoch" }
      #expect(epochs.map { $0["stopped_early"] as? Bool } == [nil, nil, nil, nil, nil, true])
      let factors = epochs.compactMap { $0["learning_rate_factor"] as? Double }
      #expect(factors.first == 0.5)
      // A line up over three steps, a tenth from the third epoch on, and of that from the tenth step on.
      let rates = metrics.compactMap { $0["learning_rate"] as? Double }
      let shape = [0.25, 0.5, 0.75, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01]
      try #require(rates.count == 12 && epochs.count == 6)
      var factor = 1.0
      for (step, rate) in rates.enumerated() {
        #expect(abs(rate - 0.005 * shape[step] * factor) < 1e-12, "step \(step + 1)")
        if step % 2 == 1 { factor = epochs[step / 2]["learning_rate_factor"] as? Double ?? factor }
      }
      #expect(factor < 1)

      let before = try run.contents()
      let again = try train(run, photos)
      #expect(again.output.contains("is finished, after 12 steps, stopped early"))
      #expect(run.checkpoints.last == 12)
      #expect(try run.contents()["metrics.jsonl"] == before["metrics.jsonl"])
      let list = try tutti(["runs", run.path])
      #expect(list.output.contains("finished early"), "\(list.output)")

      let fork = RunFiles(try Scratch.path("fork"))
      let forked = try tutti(
        ["train", "--run", run.path, "--resume", "auto", "--fork", fork.path]
          + set(["early-stopping.patience=1"]))
      #expect(forked.exitCode == 0, "\(forked.errors)")
      // Its first epoch is the best so far; the next one isn't better.
      #expect(fork.checkpoints.last == 16)
      let first = try fork.metrics().compactMap { $0["learning_rate"] as? Double }[0]
      #expect(abs(first - 0.005 * 0.01 * factor) < 1e-12)
    }

    @Test func `folds that end early are done`() throws {
      let early = set(["early-stopping.patience=1", "early-stopping.min-delta=2"])
      let alone = try Crossval(ranks: nil, early)
      #expect(alone.run.exitCode == 0, "\(alone.run.errors)")
      #expect(alone.run.output.contains("hasn't got better for 1 epoch"))
      let result = try #require(alone.results["folds/fold-0/result.json"])
      #expect(String(decoding: result, as: UTF8.self).contains("\"stopped_early\":true"))
      let ranks = try Crossval(ranks: 3, early)
      #expect(ranks.results == alone.results)
      let again = try Crossval(ranks: nil, early, in: alone.folder)
      #expect(again.run.output.contains("all 5 folds are done"), "\(again.run.output)")
    }
  }
}
