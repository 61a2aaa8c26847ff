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

      let own = try Safetensors(try #require(files["model.safetensors"]))
      let all = run.checkpoints.map(run.checkpoint)
      #expect(try all.count > 3 && isMean(own, of: all))
      #expect(try !isMean(own, of: Array(all.dropFirst())))
      #expect(try loss(means[0]) > 0)

      let trained = try tutti(["train", "--run", means[0].path, "--resume", "auto"])
      #expect(trained.exitCode == 65 && trained.errors.contains("is an average"))
    }

    @Test func `a greedy average leaves out what makes it worse, and is the mean of the rest`()
      throws
    {
      let (run, bad) = (RunFiles(try Scratch.path("run")), RunFiles(try Scratch.path("bad")))
      try train(run, ["checkpoint.every-steps=1", "checkpoint.keep=9"])
      try train(bad, ["optimizer.learning-rate=10", "training.max-steps=3"])
      let models = [bad.checkpoint(3)] + run.checkpoints.suffix(3).map(run.checkpoint)
      let soups = try [1, 3].map { ranks in
        let soup = RunFiles(try Scratch.path("soup"))
        let made = try tutti(
          ["average"] + models + ["--greedy", "--run", soup.path], ranks: ranks)
        try #require(made.exitCode == 0, "\(made.errors)")
        return (soup, made.output.split(separator: "\n").map(String.init))
      }
      let (soup, lines) = soups[0]
      #expect(lines.contains { $0.hasPrefix("left out  \(models[0]),") }, "\(lines)")
      let taken = models.filter { model in lines.contains { $0.hasPrefix("taken     \(model),") } }
      #expect(taken.count > 1 && !taken.contains(models[0]), "\(lines)")
      let files = try soup.contents(ofCheckpoint: soup.checkpoints[0])
      let own = try Safetensors(try #require(files["model.safetensors"]))
      #expect(try isMean(own, of: taken))
      #expect(try !isMean(own, of: models))
      #expect(try soups[1].0.contents(ofCheckpoint: soup.checkpoints[0]) == files)
    }

    @Test func `what has no mean is told`() throws {
      let (run, seed, net, photos) = (
        RunFiles(try Scratch.path("run")), RunFiles(try Scratch.path("seed")),
        RunFiles(try Scratch.path("net")), RunFiles(try Scratch.path("photos"))
      )
      try train(run, ["training.max-steps=2", "checkpoint.keep=1"])
      try train(seed, ["training.max-steps=2", "training.seed=7"])
      try train(net, ["training.max-steps=2", "model.name=cifar-resnet14"])
      let trained = try tutti(
        ["train", "--data", Photos.folder(train: 20), "--run", photos.path]
          + set(Photos.settings + ["training.max-steps=1"]))
      try #require(trained.exitCode == 0, "\(trained.errors)")
      let file = try Scratch.path("model.safetensors")
      let exported = try tutti([
        "export", "--model", run.path, "--to", "safetensors", "--output", file,
      ])
      try #require(exported.exitCode == 0, "\(exported.errors)")
      let checkpoint = run.checkpoint(2)
      for (models, sentence) in [
        ([checkpoint], "\(checkpoint) is one model"),
        ([run.path], "\(run.path) is one model"),
        ([run.path + "@last"], "is one model"),
        ([file], "\(file) is a file, and an average needs runs"),
        ([run.path, file], "\(file) is a file, and an average needs runs"),
        ([run.path, run.path], "\(checkpoint) is named twice"),
        ([run.path, checkpoint], "\(checkpoint) is named twice"),
        (["/nowhere"], "/nowhere is neither a run's folder nor a checkpoint"),
        ([run.path, "/nowhere"], "/nowhere is neither a run's folder nor a checkpoint"),
        ([Photos.few, run.path], "\(Photos.few) is neither a run's folder nor a checkpoint"),
        ([run.path, net.path], "weights of different nets have no mean"),
        ([run.path, photos.path], "were trained with other photos"),
      ] {
        let refused = try tutti(["average"] + models + ["--run", try Scratch.path("none")])
        #expect(refused.exitCode == 65 && refused.complaints.count == 1)
        #expect(refused.errors.contains(sentence), "\(models): \(refused.errors)")
      }
      let apart = try tutti(
        ["average", run.path, seed.path, "--run", try Scratch.path("mean")])
      #expect(apart.exitCode == 0)
      #expect(apart.errors.contains("\(checkpoint) began with training.seed 42, and "))
    }

    /// Whether all tensors but the running statistics are the mean of those of checkpoints.
    private func isMean(_ file: Safetensors, of checkpoints: [String]) throws -> Bool {
      let members = try checkpoints.map {
        try Safetensors(try Data(contentsOf: URL(filePath: "\($0)/model.safetensors")))
      }
      let names = file.names.filter {
        !$0.contains("running_") && !$0.contains("num_batches_tracked") && $0 != "__metadata__"
      }
      #expect(names.count > 20)
      return try names.allSatisfy { name in
        let columns = try members.map { try $0.floats(name) }
        return try file.floats(name).enumerated().allSatisfy { index, value in
          let sum = columns.reduce(0.0) { $0 + Double($1[index]) }
          return abs(Double(value) - sum / Double(columns.count)) <= 1e-6 * max(1, abs(sum))
        }
      }
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
  }
}
