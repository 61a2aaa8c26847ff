import Foundation
import Images
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// What goes wrong in the middle of a training ends all ranks with one line that names it.
  @Suite struct BadStepTests {
    let files: RunFiles

    init() throws { files = RunFiles(try Scratch.path("run")) }

    @Test
    func `a photo that ends early is named, and the run can go on when it is put right`() throws {
      let photos = try Photos.folder(train: 48)
      let path = "\(photos)/train/disc/4.jpg"
      let url = URL(fileURLWithPath: path)
      let photo = try Data(contentsOf: url)
      try photo.prefix(photo.count * 3 / 4).write(to: url)
      let run = try tutti(
        ["train", "--data", photos, "--run", files.path]
          + set(Photos.settings + ["training.global-batch=16", "training.micro-batch=8"]), ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.complaints.count == 1)
      let line = run.complaints.first ?? ""
      let says = "a damaged or unsupported JPEG (Premature end of JPEG file)"
      #expect(line.contains(": \(path): \(says)"))
      #expect(line.hasPrefix("tutti: rank ") && line.contains(", step "))
      #expect(files.checkpoints.isEmpty)

      // The photo is put right, and the same command goes on.
      try photo.write(to: url)
      let second = try tutti(
        ["train", "--run", files.path, "--resume", "auto", "--set", "training.max-steps=2"])
      #expect(second.exitCode == 0, "\(second.errors)")
      #expect(try files.steps("step") == [1, 2])
    }

    /// Each step takes the weights times 1 − 100·10.
    private let divergence =
      Photos.settings + [
        "optimizer.learning-rate=100", "optimizer.weight-decay=10", "schedule.name=constant",
        "optimizer.clip-norm=none", "training.global-batch=24", "training.micro-batch=8",
      ]

    @Test
    func
      `numbers that aren't finite are seen in the step in which they arise, by layer and photos`()
      throws
    {
      let lines = try [1, 3].map { ranks in
        let files = RunFiles(try Scratch.path("run"))
        let run = try tutti(
          ["train", "--data", Photos.few, "--run", files.path] + set(divergence), ranks: ranks)
        #expect(run.exitCode == 1)
        #expect(run.complaints.count == 1)
        let line = run.complaints.first ?? ""
        #expect(line.hasPrefix("tutti: ") && !line.hasPrefix("tutti: rank "))
        let step = try files.steps("step").count + 1
        #expect(
          line.contains("is not finite in step \(step) (learning rate 100.0), on rank 0 of host "))
        #expect(line.contains("training.on-non-finite=skip"))
        // Of a micro-batch of eight, four are named.
        let photos = try #require(line.split(separator: " with ").dropFirst().first)
        #expect(photos.split(separator: ".jpg").count == 5 && photos.contains(", … (8 in all)"))
        return line.drop { $0 != "," }
      }
      #expect(lines[0] == lines[1])
    }

    @Test func `weights that no photo gets through end a training that passes over such steps`()
      throws
    {
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", files.path]
          + set(divergence + ["training.on-non-finite=skip"]), ranks: 3)
      #expect(run.exitCode == 1)
      #expect(run.complaints.count == 1)
      #expect(run.complaints.first?.contains("as it was in 10 steps before it") == true)
      #expect(try files.steps("skipped").count == 10)
      #expect(run.output.split(separator: "\n").count { $0.hasPrefix("skipped   ") } == 10)
      // Epochs of which no step has counted have no loss.
      let epochs = try files.metrics().filter { $0["kind"] as? String == "epoch" }
      #expect(epochs.first?["training_loss"] != nil && epochs.last?["training_loss"] == nil)
      #expect(run.output.contains(": no loss; ") && !run.output.contains("loss 0.0000"))
    }
  }

  /// Of photos that are black but for one, and a net whose first convolution makes too much of any light.
  @Suite struct PassedOverStepTests {
    private static let made = Result { () throws -> (photos: String, weights: String) in
      let photos = try Scratch.path("dark")
      for split in ["train", "validation"] {
        for name in ["a", "b"] {
          try FileManager.default.createDirectory(
            atPath: "\(photos)/\(split)/\(name)", withIntermediateDirectories: true)
          for number in 0..<(split == "train" ? 16 : 3) {
            let isBright = split == "train" && name == "b" && number == 5
            let pixels = [UInt8](repeating: isBright ? 255 : 0, count: 32 * 32 * 3)
            let image = Image(height: 32, width: 32, channels: 3, pixels: pixels)
            try Data(image.png()).write(
              to: URL(fileURLWithPath: "\(photos)/\(split)/\(name)/\(number).png"))
          }
        }
      }
      let donor = RunFiles(try Scratch.path("donor"))
      let run = try tutti(
        ["train", "--data", photos, "--run", donor.path]
          + set(settings + ["training.max-steps=1"]))
      #expect(run.exitCode == 0, "\(run.errors)")
      var model = try Safetensors(
        #require(try donor.contents(ofCheckpoint: 1)["model.safetensors"]))
      try model.fill("conv1.weight", with: 1e38)
      let weights = try Scratch.path("weights.safetensors")
      try model.bytes.write(to: URL(fileURLWithPath: weights))
      return (photos, weights)
    }

    private static let settings =
      Photos.settings + [
        "augment=[resize, {normalize: {mean: [0, 0, 0], std: [1, 1, 1]}}]",
        "training.global-batch=8", "training.micro-batch=2", "training.epochs=2",
        "optimizer.weight-decay=0", "optimizer.learning-rate=0.01", "schedule.name=constant",
        "checkpoint.every-steps=1", "checkpoint.keep=20",
      ]

    private func train(
      _ files: RunFiles, _ policy: [String], ranks: Int, lastStep: Int = 8
    ) throws -> WorkerRun {
      let (photos, weights) = try Self.made.get()
      return try tutti(
        ["train", "--data", photos, "--run", files.path, "--resume", "auto"]
          + set(
            Self.settings + policy + ["model.weights=\(weights)", "training.max-steps=\(lastStep)"]),
        ranks: ranks)
    }

    @Test(arguments: [1, 3])
    func `the line has the photo that the numbers come of`(ranks: Int) throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try train(files, [], ranks: ranks)
      #expect(run.exitCode == 1)
      #expect(run.complaints.count == 1)
      let line = run.complaints.first ?? ""
      let step = try files.steps("step").count + 1
      #expect(line.contains("the output of conv1 is not finite in step \(step) "), "\(line)")
      #expect(line.contains("\(try Self.made.get().photos)/train/b/5.png"))
      #expect(line.contains("\n") == false && line.split(separator: ".png").count == 3)
    }

    @Test(arguments: [
      ["training.on-non-finite=skip"],
      ["training.on-non-finite=lower", "training.lower-factor=0.25"],
    ])
    func `steps that are passed over move nothing, alike on ranks and after stops`(
      policy: [String]
    ) throws {
      let runs = try [(1, []), (3, []), (2, Array(1...7))].map { ranks, stops in
        let files = RunFiles(try Scratch.path("run"))
        for last in stops + [8] {
          let run = try train(files, policy, ranks: ranks, lastStep: last)
          #expect(run.exitCode == 0, "\(run.errors)")
        }
        return (files: files, bytes: try files.contents(ofCheckpoint: 8))
      }
      #expect(runs[0].bytes.count == 3)
      for run in runs { #expect(run.bytes == runs[0].bytes) }

      let files = runs[0].files
      let skipped = try files.steps("skipped")
      // Once an epoch of four steps.
      #expect(skipped.count == 2 && skipped[0] <= 4 && skipped[1] > 4)
      #expect(try files.steps("step") == (1...8).filter { !skipped.contains($0) })
      for step in skipped where step > 1 {
        let (before, after) = (
          try files.contents(ofCheckpoint: step - 1), try files.contents(ofCheckpoint: step)
        )
        for name in ["model.safetensors", "optimizer.safetensors"] {
          #expect(before[name] != nil && before[name] == after[name])
        }
      }
      // The epochs' means are those of the other steps.
      let losses = try files.metrics().filter { $0["kind"] as? String == "epoch" }.map {
        $0["training_loss"] as? Double
      }
      #expect(losses.count == 2 && losses.allSatisfy { $0?.isFinite == true })
      let state = try files.state(ofCheckpoint: 8)
      #expect(state["step"] as? Int == 8 && state["optimizer_steps"] as? Int == 6)
      #expect(state["samples_seen"] as? Int == 64)
      let rates = try files.metrics().filter { $0["kind"] as? String == "step" }.map {
        $0["learning_rate"] as? Double
      }
      let factor = policy.count == 1 ? 1 : 0.25
      let expected = (1...8).filter { !skipped.contains($0) }.map { step in
        skipped.filter { $0 < step }.reduce(0.01) { rate, _ in rate * factor }
      }
      #expect(rates == expected)
    }
  }
}
