import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// `training.precision: fp16-gradients`.
  @Suite struct LossScaleTests {
    /// Six steps, of which the first ones overflow.
    private static let settings =
      Photos.settings + [
        "training.precision=fp16-gradients", "training.loss-scale=\(1 << 26)",
        "training.loss-scale-growth-steps=2", "training.epochs=4", "training.global-batch=32",
        "training.micro-batch=4", "checkpoint.every-steps=1", "checkpoint.keep=20",
        "optimizer.learning-rate=0.001",
      ]

    private func train(
      _ files: RunFiles, ranks: Int, settings: [String] = []
    ) throws -> WorkerRun {
      try tutti(
        ["train", "--data", Photos.folder(train: 96), "--run", files.path, "--resume", "auto"]
          + set(Self.settings + settings), ranks: ranks)
    }

    @Test func `steps that overflow move nothing, alike on ranks and after stops`() throws {
      let runs = try [(1, []), (2, []), (3, Array(1...11)), (4, [])].map { ranks, stops in
        let files = RunFiles(try Scratch.path("run"))
        for last in stops + [12] {
          let run = try train(files, ranks: ranks, settings: ["training.max-steps=\(last)"])
          #expect(run.exitCode == 0, "\(run.errors)")
        }
        return (files: files, bytes: try files.contents(ofCheckpoint: 12))
      }
      #expect(runs[0].bytes.count == 3)
      for run in runs { #expect(run.bytes == runs[0].bytes) }

      let files = runs[0].files
      let lines = try files.metrics().filter {
        $0["epoch"] != nil && $0["kind"] as? String != "epoch"
      }
      let skipped = try files.steps("skipped")
      #expect(skipped.first == 1 && skipped.count >= 2 && skipped.count < 12)
      #expect(try (files.steps("step") + skipped).sorted() == Array(1...12))
      // Each line tells the scale: that of its step, or the one from there on.
      var (scale, applied) = (1 << 26, 0)
      for line in lines where line["kind"] as? String != "start" {
        if line["kind"] as? String == "skipped" {
          (scale, applied) = (scale / 2, 0)
          #expect(line["loss_scale"] as? Int == scale)
        } else {
          #expect(line["loss_scale"] as? Int == scale)
          applied += 1
          if applied == 2 { (scale, applied) = (2 * scale, 0) }
        }
      }
      let rules = try files.state(ofCheckpoint: 12)["rules"] as? [String: [String: Double]]
      #expect(rules?["loss-scale"] == ["scale": Double(scale), "steps": Double(applied)])
      for step in skipped where step > 1 {
        let (before, after) = (
          try files.contents(ofCheckpoint: step - 1), try files.contents(ofCheckpoint: step)
        )
        for name in ["model.safetensors", "optimizer.safetensors"] {
          #expect(before[name] != nil && before[name] == after[name])
        }
      }
      #expect(
        try files.state(ofCheckpoint: 12)["optimizer_steps"] as? Int == 12 - skipped.count)
      let diagnosis = try tutti(["diagnose", files.path])
      #expect(!diagnosis.output.contains("non-finite"), "\(diagnosis.output)")
    }

    @Test func `a trial times steps that don't overflow`() throws {
      let run = try tutti(
        ["train", "--data", Photos.folder(train: 96), "--dry-run"] + set(Self.settings))
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("3 steps"), "\(run.output)")
    }

    @Test func `a loss that isn't finite is no matter of the scale`() throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try train(
        files, ranks: 2,
        settings: [
          "optimizer.learning-rate=100", "schedule.name=constant", "training.loss-scale=256",
        ])
      #expect(run.exitCode == 1)
      #expect(run.complaints.first?.contains("is not finite in step") == true, "\(run.errors)")
    }

    @Test func `a scale that isn't a power of two is refused`() throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try train(files, ranks: 1, settings: ["training.loss-scale=1000"])
      #expect(run.exitCode == 65)
      #expect(run.errors.contains("`training.loss-scale` must be a power of two, such as 65536"))
    }
  }
}
