import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// A run gives the same bytes for any number of ranks and threads.
  @Suite struct SameBitsTests {
    let reference: Reference

    init() throws { reference = try Reference.made.get() }

    @Test func `the reference has all in play that could tell ranks apart`() throws {
      #expect(reference.run.exitCode == 0, "\(reference.run.errors)")
      let state = try reference.files.state(ofCheckpoint: Reference.lastStep)
      // Two of the thirty steps had 21 samples.
      #expect(state["samples_seen"] as? Int == 28 * 64 + 2 * 21)
      #expect(state["step_in_epoch"] as? Int == 6)
      let norms = try reference.files.metrics().compactMap { $0["gradient_norm"] as? Double }
      #expect(norms.contains { $0 > 1 }, "clipping had nothing to do")
      #expect(norms.contains { $0 < 1 })
      let recipe = try String(
        contentsOfFile: "\(reference.files.path)/recipe.yaml", encoding: .utf8)
      for setting in ["random-horizontal-flip: 0.5", "label-smoothing: 0.1", "clip-norm: 1"] {
        #expect(recipe.contains(setting))
      }
    }

    @Test(arguments: [(2, 1), (3, 1), (4, 1), (5, 1), (8, 1), (1, 2), (1, 3), (2, 3)])
    func `a training's checkpoint, on ranks with threads`(ranks: Int, threads: Int) throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        reference.options(files, ["training.threads=\(threads)"]), ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(
        run.output.contains("\(ranks) rank\(ranks == 1 ? "" : "s") × \(threads) thread"))
      try reference.expectSameBits(files)
    }

    @Test func `a rest of two samples joins the step before`() throws {
      let photos = try Photos.folder(train: 130)
      let runs = try [1, 3, 8].map { ranks in
        let files = RunFiles(try Scratch.path("run"))
        let settings = Reference.settings + ["training.max-steps=4"]
        let run = try tutti(
          ["train", "--data", photos, "--run", files.path] + set(settings), ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(try files.state(ofCheckpoint: 4)["samples_seen"] as? Int == 2 * (64 + 66))
        return try files.contents(ofCheckpoint: 4)
      }
      #expect(runs[0].count == 3)
      #expect(runs[1] == runs[0] && runs[2] == runs[0])
    }

    @Test func `all that is drawn, and two sizes, on ranks with threads and after stops`() throws {
      let steps = [
        "{random-crop: {size: 40, padding: 4}}", "{random-resized-crop: {scale: [0.3, 1]}}",
        "random-horizontal-flip", "random-vertical-flip", "random-rotation",
        "{random-affine: {degrees: 10, translate: [0.1, 0.1], shear: 5, interpolation: bilinear}}",
        "{random-perspective: {probability: 0.9, interpolation: bicubic}}",
        "{color-jitter: {brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1}}",
        "random-grayscale", "{gaussian-blur: {kernel: 3}}", "auto-augment", "rand-augment",
        "trivial-augment-wide", "aug-mix", "random-rotation", "normalize",
        "{random-erasing: {probability: 0.9, value: noise}}",
      ]
      let settings = [
        "augment=[\(steps.joined(separator: ", "))]", "mixing.mixup=0.4", "mixing.cutmix=1",
        "mixing.pairing=shuffle", "mixing.lambda=pair", "mixing.switch-off-epoch=3",
        "training.epochs=6", "checkpoint.every-steps=1", "data.sampling=inverse-frequency",
        "loss.name=focal", "loss.class-weights=balanced", "loss.logit-adjustment=0.5",
        "optimizer.name=lion", "optimizer.decay-norms-and-biases=true",
        "schedule.cycle-momentum=[0.85, 0.95]", "average.name=ema", "average.warmup=false",
        "model.dropout=0.2", "model.stochastic-depth=0.3", "loss.teacher=[\(reference.files.path)]",
        "training.batch-norm-momentum=0.2", "schedule.warmup=1ep",
        "plateau.patience=0", "plateau.metric=macro-f1", "plateau.cooldown=1",
        "training.select-by=auroc",
        "early-stopping.patience=3", "early-stopping.min-delta=1000",
        "fine-tuning.freeze=[stem, layer1]",
        "fine-tuning.unfreeze=[{from-epoch: 1, patterns: [layer1]}]",
        "data.repeats=2", "resize-schedule=[{from-epoch: 0, size: 24}, {from-epoch: 1, size: 32}]",
      ]
      let photos = try Photos.folder(train: 130)
      func train(_ files: RunFiles, _ own: [String], ranks: Int) throws {
        let run = try tutti(
          ["train", "--data", photos, "--run", files.path, "--resume", "auto"]
            + set(
              Reference.settings.filter { !$0.hasPrefix("training.max-steps") } + settings + own),
          ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
      }
      let runs = try [(1, 1, 1), (2, 3, 5), (3, 1, 1), (4, 3, 2)].map { ranks, threads, loaders in
        let files = RunFiles(try Scratch.path("run"))
        let own = ["training.threads=\(threads)", "data.loader-threads=\(loaders)"]
        // The last one stops in the middle of each size's epoch, and goes on with other ranks.
        if ranks == 4 {
          for (stop, ranks) in [(1, 3), (3, 1), (5, 2)] {
            try train(files, own + ["training.max-steps=\(stop)"], ranks: ranks)
            #expect(try files.state(ofCheckpoint: stop)["step_in_epoch"] as? Int == 1)
          }
        }
        try train(files, own + ["training.max-steps=none"], ranks: ranks)
        return (files: files, bytes: try files.contents(ofCheckpoint: 8))
      }
      #expect(runs[0].bytes.count == 4)
      for run in runs.dropFirst() { #expect(run.bytes == runs[0].bytes) }

      // What changes on the way has changed: a rate is lowered, a layer unfrozen, the training ended.
      let alone = runs[0].files
      #expect(alone.checkpoints.last == 8)
      let epochs = try alone.metrics().filter { $0["kind"] as? String == "epoch" }
      #expect(epochs.map { $0["mixed"] as? Bool ?? false } == [true, true, true, false])
      #expect(epochs.map { $0["stopped_early"] as? Bool ?? false } == [false, false, false, true])
      #expect(epochs.dropLast().contains { $0["learning_rate_factor"] != nil })
      let missed = try alone.state(ofCheckpoint: 8)["missed_updates"] as? [String: Int]
      #expect(missed?["conv1.weight"] == 8 && missed?["layer1.0.conv1.weight"] == 2)
    }

    /// Before the first step, a micro-batch of the larger photos was passed through the net.
    @Test(arguments: [
      ["model.name=cifar-resnet8", "model.image-size=32", "fine-tuning.freeze=[head]"],
      [
        "model.name=cifar-resnet8", "model.image-size=32", "fine-tuning.freeze=[head]",
        "fine-tuning.freeze-epochs=1",
      ],
      ["model.name=vit-ti16", "model.image-size=48", "fine-tuning.freeze=[stem]"],
    ])
    func `sizes that grow, of a net that is partly frozen`(model: [String]) throws {
      let last = model[1] == "model.image-size=48" ? 48 : 32
      let settings =
        model + [
          "augment=[resize, normalize]", "training.epochs=2", "training.global-batch=64",
          "training.micro-batch=8", "checkpoint.every-steps=1",
          "resize-schedule=[{from-epoch: 0, size: \(last - 16)}, {from-epoch: 1, size: \(last)}]",
        ]
      let photos = try Photos.folder(train: 130)
      func train(_ files: RunFiles, steps: Int, ranks: Int) throws {
        let run = try tutti(
          ["train", "--data", photos, "--run", files.path, "--resume", "auto"]
            + set(settings + ["training.max-steps=\(steps)"]), ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
      }
      let runs = try [1, 2, 4].map { ranks in
        let files = RunFiles(try Scratch.path("run"))
        // The last one goes on with the larger photos, so that nothing is left to be tried.
        if ranks == 4 { try train(files, steps: 2, ranks: 3) }
        try train(files, steps: 4, ranks: ranks)
        if ranks == 1, last == 32 {
          // Sizes of training bind nobody who asks the model.
          let asked = try tutti(
            ["evaluate", "--model", files.path, "--split", "validation"]
              + set(["model.image-size=40"]))
          #expect(asked.exitCode == 0, "\(asked.errors)")
        }
        return try files.contents(ofCheckpoint: 4)
      }
      #expect(runs[0].count == 3)
      #expect(runs[1] == runs[0] && runs[2] == runs[0])
    }

    @Test func `grey images of 28 pixels, by the recipe that comes with the program`() throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let settings = [
        "training.max-steps=6", "training.global-batch=64", "training.micro-batch=8",
      ]
      let runs = try [1, 5].map { ranks in
        let files = RunFiles(try Scratch.path("run"))
        let run = try tutti(
          [
            "train", "--recipe", root.appending(path: "launch/recipes/fashion-mnist.yaml").path,
            "--run", files.path,
          ] + set(settings), ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        return try files.contents(ofCheckpoint: 6)
      }
      #expect(runs[0].count == 3)
      #expect(runs[1] == runs[0])
    }

    @Test func `another seed gives other bytes, so equal ones mean something`() throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        reference.options(files, ["training.seed=43", "training.max-steps=12"]), ranks: nil)
      #expect(run.exitCode == 0)
      let model = try files.contents(ofCheckpoint: 12)["model.safetensors"]
      let other = try reference.files.contents(ofCheckpoint: 12)["model.safetensors"]
      #expect(model != nil && other != nil && model?.count == other?.count)
      #expect(model != other)
    }

    @Test(arguments: ["test", "train"])
    func `an evaluation's JSON`(split: String) throws {
      let arguments = ["evaluate", "--model", reference.files.path, "--split", split, "--json"]
      let alone = try tutti(arguments)
      #expect(alone.exitCode == 0, "\(alone.errors)")
      let scores = try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any]
      #expect(scores?["photos"] as? Int == (split == "test" ? 17 : 725))
      for ranks in 1...4 {
        let run = try tutti(arguments, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output == alone.output, "\(ranks) ranks")
      }
    }
  }
}
