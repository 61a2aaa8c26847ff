import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Averages of the weights, from the training to who asks the model.
  @Suite struct AverageTests {
    private static let settings =
      Photos.settings + [
        "data.validation=0.2", "training.epochs=3", "training.global-batch=8",
        "training.micro-batch=2",
      ]

    private func train(_ run: RunFiles, _ changes: [String], ranks: Int? = nil) throws {
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", run.path, "--resume", "auto"]
          + set(Self.settings + changes), ranks: ranks)
      try #require(trained.exitCode == 0, "\(trained.errors)")
    }

    private func loss(_ run: RunFiles, _ changes: [String] = []) throws -> Double {
      let asked = try tutti(
        ["evaluate", "--model", run.path + "@last", "--split", "validation", "--json"]
          + set(changes))
      try #require(asked.exitCode == 0, "\(asked.errors)")
      let scores =
        try JSONSerialization.jsonObject(with: Data(asked.output.utf8)) as? [String: Any]
      return try #require(scores?["loss"] as? Double)
    }

    /// The bytes of a safetensors file behind its header.
    private func numbers(_ file: Data) -> Data {
      let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      return file.dropFirst(8 + length)
    }

    @Test func `the mean of epochs is the same after a stop, on any ranks, and is what is asked`()
      throws
    {
      let average = ["average.name=swa", "average.from-epoch=1"]
      let (run, other) = (RunFiles(try Scratch.path("run")), RunFiles(try Scratch.path("other")))
      try train(run, average)
      // Stops after its first mean, and in the middle of an epoch.
      try train(other, average + ["training.max-steps=7"], ranks: 2)
      try train(other, average + ["training.max-steps=none"], ranks: 3)
      let files = try run.contents(ofCheckpoint: 9)
      #expect(files.count == 4)
      #expect(try other.contents(ofCheckpoint: 9) == files)

      let epochs = try run.metrics().filter { $0["kind"] as? String == "epoch" }
      #expect(epochs.map { $0["validation_of_average"] != nil } == [false, true, true])
      let told = epochs[2]["validation_of_average"] as? [String: Any]
      #expect(try loss(run) == told?["loss"] as? Double)
      let raw = epochs[2]["validation"] as? [String: Any]
      #expect(try loss(run, ["average.decides=raw"]) == raw?["loss"] as? Double)
      #expect(try loss(run) != loss(run, ["average.decides=raw"]))

      // The first mean is of one epoch's weights; its statistics are made anew.
      let first = try run.contents(ofCheckpoint: 6)
      let (own, mean) = (first["model.safetensors"], first["ema.safetensors"])
      let pairs = zip(numbers(try #require(own)), numbers(try #require(mean)))
      let different = pairs.count { $0 != $1 }
      #expect(different > 0 && different * 20 < pairs.underestimatedCount)
    }

    @Test func `a fork carries the average, and a training begins from it`() throws {
      let (run, fork, next) = (
        RunFiles(try Scratch.path("run")), RunFiles(try Scratch.path("fork")),
        RunFiles(try Scratch.path("next"))
      )
      let straight = RunFiles(try Scratch.path("straight"))
      try train(run, ["average.name=ema", "training.max-steps=4"])
      try train(straight, ["average.name=ema"])
      let forked = try tutti(
        ["train", "--run", run.path, "--resume", "auto", "--fork", fork.path]
          + set(["training.max-steps=none"]))
      #expect(forked.exitCode == 0, "\(forked.errors)")
      #expect(try fork.contents(ofCheckpoint: 9) == straight.contents(ofCheckpoint: 9))

      try train(next, ["model.weights=\(straight.path)@last", "training.max-steps=1"])
      let recipe = try String(contentsOfFile: "\(next.path)/recipe.yaml", encoding: .utf8)
      let files = try straight.state(ofCheckpoint: 9)["files"] as? [String: String]
      #expect(recipe.contains("weights-sha256: \"\(files?["ema.safetensors"] ?? "-")\""))
    }

    /// The old mean is of epochs that the new recipe leaves out.
    @Test func `a fork of more epochs begins its mean anew`() throws {
      let (run, fork) = (RunFiles(try Scratch.path("run")), RunFiles(try Scratch.path("fork")))
      try train(run, ["average.name=swa"])
      let forked = try tutti(
        ["train", "--run", run.path, "--resume", "auto", "--fork", fork.path]
          + set(["training.epochs=12", "training.max-steps=12"]))
      #expect(forked.exitCode == 0, "\(forked.errors)")
      let epochs = try fork.metrics().filter { $0["kind"] as? String == "epoch" }
      #expect(epochs.count == 1 && epochs[0]["validation_of_average"] == nil)
    }

    @Test
    func `checkpoints become one model, the same on any ranks, that is asked and not trained`()
      throws
    {
      let run = RunFiles(try Scratch.path("run"))
      try train(run, ["checkpoint.every-steps=2", "checkpoint.keep=9"])
      let means = try [1, 3].map { ranks in
        let mean = RunFiles(try Scratch.path("mean"))
        let made = try tutti(["average", run.path, "--run", mean.path], ranks: ranks)
        try #require(made.exitCode == 0, "\(made.errors)")
        #expect(made.output.split(separator: "\n").count { $0.hasPrefix("taken") } > 3)
        return mean
      }
      let files = try means[0].contents(ofCheckpoint: means[0].checkpoints[0])
      #expect(files.keys.sorted() == ["model.safetensors", "state.json"])
      #expect(try means[1].contents(ofCheckpoint: means[1].checkpoints[0]) == files)

      // The first tensor's first number is the mean of the checkpoints'.
      let single = try run.checkpoints.map { step in
        try firstWeight(run.contents(ofCheckpoint: step)["model.safetensors"])
      }
      let mean = try firstWeight(files["model.safetensors"])
      #expect(abs(mean - single.reduce(0, +) / Float(single.count)) < 1e-6)
      #expect(try loss(means[0]) > 0)

      let trained = try tutti(["train", "--run", means[0].path, "--resume", "auto"])
      #expect(trained.exitCode == 65 && trained.errors.contains("is an average"))
      let one = try tutti(["average", run.checkpoint(2), "--run", try Scratch.path("one")])
      #expect(one.exitCode == 65 && one.errors.contains("is one model"))
      let greedy = try tutti(
        ["average", run.path, run.path + "@last", "--greedy", "--run", try Scratch.path("soup")])
      #expect(greedy.exitCode == 0, "\(greedy.errors)")
      #expect(greedy.output.contains("taken"))
    }

    /// Of the file's first tensor of floats.
    private func firstWeight(_ file: Data?) throws -> Float {
      let numbers = Array(numbers(try #require(file)))
      // Update counts of batch norms come first, eight bytes each.
      let header = String(decoding: try #require(file).dropFirst(8).prefix(1 << 14), as: UTF8.self)
      let counts = header.split(separator: "num_batches_tracked").count - 1
      let bits = numbers[(8 * counts)..<(8 * counts + 4)].reversed().reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
      return Float(bitPattern: bits)
    }

    @Test func `a model takes the statistics of other photos, the same on any ranks`() throws {
      let run = RunFiles(try Scratch.path("run"))
      try train(run, ["training.max-steps=3"])
      let made = try [1, 3].map { ranks in
        let new = RunFiles(try Scratch.path("new"))
        let made = try tutti(
          ["recalibrate", run.path, "--data", Photos.few, "--photos", "15", "--run", new.path],
          ranks: ranks)
        try #require(made.exitCode == 0, "\(made.errors)")
        #expect(made.output.contains("statistics of 15 photos"))
        return new
      }
      let files = try made[0].contents(ofCheckpoint: 3)
      #expect(try made[1].contents(ofCheckpoint: 3) == files)
      let old = try run.contents(ofCheckpoint: 3)["model.safetensors"]
      #expect(try firstWeight(files["model.safetensors"]) == firstWeight(old))
      #expect(files["model.safetensors"] != old)
      #expect(try loss(made[0]) != loss(run))
    }

    @Test func `a teacher must know the classes, be there, and stay the same`() throws {
      let (teacher, pupil) = (
        RunFiles(try Scratch.path("run")), RunFiles(try Scratch.path("pupil"))
      )
      try train(teacher, ["training.max-steps=2"])
      let taught = ["loss.teacher=[\(teacher.path)]", "loss.teacher-share=0.9"]
      try train(pupil, taught + ["training.max-steps=2"])
      let alone = RunFiles(try Scratch.path("alone"))
      try train(alone, ["training.max-steps=2"])
      #expect(
        try alone.contents(ofCheckpoint: 2)["model.safetensors"]
          != pupil.contents(ofCheckpoint: 2)["model.safetensors"])

      try train(teacher, ["training.max-steps=4"])
      let other = try tutti(
        ["train", "--data", Photos.few, "--run", pupil.path, "--resume", "auto"]
          + set(Self.settings + taught))
      #expect(other.exitCode == 65)
      #expect(other.errors.contains("loss.teacher-sha256 is"), "\(other.errors)")
      let folds = try tutti(
        ["crossval", "--data", Photos.few, "--run", try Scratch.path("folds")]
          + set(Self.settings + taught))
      #expect(folds.errors.contains("a teacher may have seen the photos that a fold holds out"))
    }
  }
}
