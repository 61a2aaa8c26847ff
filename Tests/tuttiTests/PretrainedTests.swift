import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// Weights from files, from the command line to the checkpoints.
  @Suite struct PretrainedTests {
    /// A run whose weights serve as somebody's file, which is `file`.
    private static let donor = Result { () throws -> (run: RunFiles, file: String) in
      let run = try Members.train(
        on: Members.made.get().photos,
        [
          "training.epochs=1",
          "augment=[{resize: {interpolation: bicubic, crop: 0.9}}, {normalize: {mean: [0.4, 0.4, 0.4], std: [0.3, 0.3, 0.3]}}]",
        ])
      let file = try Scratch.path("net.safetensors")
      let step = try #require(run.checkpoints.last)
      try FileManager.default.copyItem(
        atPath: "\(run.checkpoint(step))/model.safetensors", toPath: file)
      return (run, file)
    }

    private func train(
      _ run: RunFiles, _ settings: [String], ranks: Int? = nil
    ) throws -> WorkerRun {
      try tutti(
        ["train", "--data", Members.made.get().photos, "--run", run.path, "--resume", "auto"]
          + set(Members.settings + settings), ranks: ranks)
    }

    private func recipe(_ run: RunFiles) throws -> String {
      try String(contentsOfFile: "\(run.path)/recipe.yaml", encoding: .utf8)
    }

    @Test func `a run begins with a file's weights, and goes on without the file`() throws {
      let file = try Scratch.copy(of: Self.donor.get().file, named: "weights.pth")
      let (one, two) = (RunFiles(try Scratch.path("one")), RunFiles(try Scratch.path("two")))
      let first = try train(one, ["model.weights=\(file)", "training.max-steps=2"])
      #expect(first.exitCode == 0, "\(first.errors)")
      #expect(first.output.contains("weights   \(file) (SHA-256 "))
      #expect(first.output.contains("weights   head: kept, with its 3 classes"))
      let straight = try train(two, ["model.weights=\(file)", "training.max-steps=6"], ranks: 2)
      #expect(straight.exitCode == 0, "\(straight.errors)")

      // ImageNet's constants, for a net that nobody else knows, are noted in the run.
      #expect(try recipe(one).contains("mean: [0.485, 0.456, 0.406]"))
      try FileManager.default.removeItem(atPath: file)
      let second = try train(one, ["model.weights=\(file)", "training.max-steps=6"])
      #expect(second.exitCode == 0, "\(second.errors)")
      #expect(try one.contents(ofCheckpoint: 6) == two.contents(ofCheckpoint: 6))
      #expect(try !one.contents(ofCheckpoint: 6).isEmpty)
    }

    @Test func `without a name, the net is that of the weights, in a run that goes on, too`() throws
    {
      let photos = try Members.made.get().photos
      let settings = Members.settings.filter { !$0.hasPrefix("model.") }
      let file = try Self.donor.get().file
      for (weights, own, size) in [
        (try Members.made.get().runs[1].path, [], 24), (file, ["model.image-size=32"], 32),
      ] {
        let run = RunFiles(try Scratch.path("run"))
        for (steps, ranks) in [(1, nil), (2, 2)] {
          let result = try tutti(
            ["train", "--data", photos, "--run", run.path, "--resume", "auto"]
              + set(
                settings + own + ["model.weights=\(weights)", "training.max-steps=\(steps)"]),
            ranks: ranks)
          #expect(result.exitCode == 0, "\(result.errors)")
          #expect(
            result.output.contains("the net is theirs, since model.name isn't set: cifar-resnet8")
              == (steps == 1))
        }
        #expect(run.checkpoints == [1, 2])
        let text = try recipe(run)
        #expect(text.contains("  name: cifar-resnet8\n  image-size: \(size)\n"))
      }
    }

    @Test func `a run without a checkpoint doesn't begin again from another file`() throws {
      let file = try Scratch.copy(of: Self.donor.get().file, named: "weights.pth")
      let run = RunFiles(try Scratch.path("run"))
      let settings = ["model.weights=\(file)", "training.max-steps=1"]
      #expect(try train(run, settings).exitCode == 0)
      try FileManager.default.removeItem(atPath: "\(run.path)/checkpoints")
      let other = try #require(try Members.made.get().runs[0].checkpoints.last)
      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.copyItem(
        atPath: "\(Members.made.get().runs[0].checkpoint(other))/model.safetensors", toPath: file)
      let again = try train(run, settings)
      #expect(again.exitCode == 65)
      #expect(again.complaints.first?.contains("but model.weights-sha256 is") == true)
    }

    @Test func `a run's constants come with its weights`() throws {
      let run = RunFiles(try Scratch.path("run"))
      let trained = try train(
        run, ["model.weights=\(Self.donor.get().run.path)", "training.max-steps=1"])
      #expect(trained.exitCode == 0, "\(trained.errors)")
      let text = try recipe(run)
      #expect(text.contains("{resize: {interpolation: bicubic, crop: 0.9}}"))
      #expect(text.contains("mean: [0.4, 0.4, 0.4]"))

      let other = try train(
        RunFiles(try Scratch.path("other")),
        [
          "model.weights=\(Self.donor.get().run.path)", "training.max-steps=1",
          "augment=[resize, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}}]",
        ])
      #expect(
        other.output.contains(
          "augment says otherwise than the weights (interpolation: bilinear, crop, normalize)"))
    }

    @Test func `a recipe for pretrained weights stops without them`() throws {
      let recipe = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "launch/recipes/photos-lite0.yaml")
      // The weights themselves may be here.
      let elsewhere = try Scratch.path("photos-lite0.yaml")
      let text = try String(contentsOf: recipe, encoding: .utf8)
        .replacingOccurrences(of: "weights: weights/", with: "weights: nowhere/")
      try text.write(toFile: elsewhere, atomically: true, encoding: .utf8)
      let line = try #require(
        text.components(separatedBy: "\n").firstIndex { $0.contains("weights: nowhere/") })
      let run = RunFiles(try Scratch.path("run"))
      let stopped = try tutti(
        ["train", "--recipe", elsewhere, "--data", Photos.few, "--run", run.path], ranks: 2)
      #expect(stopped.exitCode == 65)
      #expect(stopped.complaints.count == 1)
      for words in [
        "photos-lite0.yaml:\(line + 1): nowhere/efficientnet-lite0-57934424.pth is not there",
        "launch/get-weights lite0", "model.weights=none",
      ] {
        #expect(stopped.complaints.first?.contains(words) == true, "\(stopped.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: run.path))
    }

    @Test func `folds begin with a file's weights`() throws {
      let folder = try Scratch.path("cv")
      let file = try Self.donor.get().file
      let crossval = try tutti(
        ["crossval", "--data", Photos.few, "--run", folder, "--parallel-folds", "2"]
          + set(
            Members.settings + [
              "crossval.folds=2", "training.max-steps=1", "model.weights=\(file)",
            ]), ranks: 2)
      #expect(crossval.exitCode == 0, "\(crossval.errors)")
      #expect(crossval.output.contains("weights   \(file)"))
      #expect(try recipe(RunFiles("\(folder)/folds/fold-1")).contains("weights-sha256: \""))
    }

    @Test func `photos are shown to a file's net, whose classes have numbers`() throws {
      let predicted = try tutti(
        ["predict", "--model", Self.donor.get().file, "--csv", Photos.few], ranks: 2)
      #expect(predicted.exitCode == 0, "\(predicted.errors)")
      #expect(predicted.lines.first == "path,predicted,p_0,p_1,p_2")
      #expect(predicted.lines.count == 31)
    }
  }
}
