import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// A global batch that grows to the ranks which a run begins on.
  @Suite struct ScaleToRanksTests {
    private static let settings =
      Photos.settings + [
        "training.epochs=1", "training.micro-batch=8", "training.scale-to-ranks=true",
        "optimizer.learning-rate=0.001", "optimizer.scale-learning-rate=square-root",
        "optimizer.reference-batch=8", "schedule.name=constant", "checkpoint.every-steps=1",
      ]

    private let photos: String

    init() throws { photos = try Photos.folder(train: 130) }

    private func train(
      _ run: RunFiles, ranks: Int?, batch: Int, _ changes: [String] = []
    ) throws -> WorkerRun {
      try tutti(
        ["train", "--data", photos, "--run", run.path, "--resume", "auto"]
          + set(Self.settings + ["training.global-batch=\(batch)"] + changes), ranks: ranks)
    }

    @Test func `a run is one of the grown batch, on any ranks it goes on with`() throws {
      let run = RunFiles(try Scratch.path("run"))
      let begun = try train(run, ranks: 4, batch: 16, ["training.max-steps=2"])
      #expect(begun.exitCode == 0, "\(begun.errors)")
      let line =
        "batch     grown from 16 to 32 photos a step, so that each of 4 ranks has a micro-batch"
      #expect(begun.output.contains(line))
      #expect(
        begun.output.contains(
          "rate      0.002 at the peak: 0.001 × √(32 / 8), by the global batch"))
      #expect(
        try run.metrics().first { $0["kind"] as? String == "step" }?["learning_rate"] as? Double
          == 0.002)
      let recipe = try String(contentsOfFile: "\(run.path)/recipe.yaml", encoding: .utf8)
      #expect(recipe.contains("  global-batch: 32\n  scale-to-ranks: true\n"))

      // The same command, on fewer ranks than it has work for, and on more than that.
      let more = try train(run, ranks: 5, batch: 16)
      #expect(more.exitCode == 65 && more.errors.contains("5 ranks are more than"))
      let on = try train(run, ranks: 1, batch: 16, ["training.max-steps=none"])
      #expect(on.exitCode == 0, "\(on.errors)")
      #expect(!on.output.contains("grown from"))

      let other = RunFiles(try Scratch.path("other"))
      let plain = try train(
        other, ranks: 3, batch: 32, ["training.scale-to-ranks=false"])
      #expect(plain.exitCode == 0, "\(plain.errors)")
      #expect(run.checkpoints.last == 4 && other.checkpoints.last == 4)
      #expect(try run.contents(ofCheckpoint: 4) == other.contents(ofCheckpoint: 4))
    }

    @Test
    func `a batch that is asked for acts in a fork, and is refused or told of where a run goes on`()
      throws
    {
      let run = RunFiles(try Scratch.path("run"))
      let begun = try train(
        run, ranks: 3, batch: 16, ["training.epochs=2", "training.max-steps=6"])
      #expect(begun.exitCode == 0, "\(begun.errors)")
      func fork(_ ranks: Int?, _ changes: [String]) throws -> (WorkerRun, recipe: String) {
        let new = try Scratch.path("fork")
        let forked = try tutti(
          ["train", "--run", run.path, "--resume", "auto", "--fork", new] + set(changes),
          ranks: ranks)
        #expect(forked.exitCode == 0, "\(forked.errors)")
        return (forked, try String(contentsOfFile: "\(new)/recipe.yaml", encoding: .utf8))
      }
      let same = try fork(1, ["training.max-steps=7"])
      #expect(same.recipe.contains("  global-batch: 24\n"))
      let smaller = try fork(2, ["training.max-steps=7", "training.global-batch=16"])
      #expect(smaller.recipe.contains("  global-batch: 16\n"))
      #expect(smaller.0.output.contains("training.global-batch was 24, is 16"))
      let grown = try fork(4, ["training.max-steps=7", "training.global-batch=8"])
      #expect(grown.recipe.contains("  global-batch: 32\n"))
      #expect(grown.0.output.contains("batch     grown from 8 to 32 photos a step"))

      let goesOn = ["training.epochs=2", "training.max-steps=7"]
      let refused = try train(run, ranks: 3, batch: 20, goesOn)
      #expect(refused.exitCode == 65)
      #expect(refused.errors.contains("training.global-batch was 24, is 20"), "\(refused.errors)")
      let told = try train(run, ranks: 3, batch: 8, goesOn)
      #expect(told.exitCode == 0, "\(told.errors)")
      #expect(told.output.contains("batch     stays 24 photos a step"), "\(told.output)")
    }

    @Test func `ranks that have work already change nothing`() throws {
      let run = RunFiles(try Scratch.path("run"))
      let result = try train(run, ranks: 3, batch: 17, ["training.max-steps=1"])
      #expect(result.exitCode == 0 && !result.output.contains("grown from"))
      let recipe = try String(contentsOfFile: "\(run.path)/recipe.yaml", encoding: .utf8)
      #expect(recipe.contains("  global-batch: 17\n"))
    }
  }
}
