import Foundation
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

    @Test func `numbers that aren't finite are seen in the step in which they arise`() throws {
      // Each step takes the weights times 1 − 100·10.
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", files.path]
          + set(
            Photos.settings + [
              "optimizer.learning-rate=100", "optimizer.weight-decay=10", "schedule.name=constant",
              "optimizer.clip-norm=none", "training.global-batch=16", "training.micro-batch=8",
            ]), ranks: 2)
      #expect(run.exitCode == 1)
      #expect(run.complaints.count == 1)
      let line = run.complaints.first ?? ""
      #expect(line.contains("are not finite in step \(try files.steps("step").count + 1) "))
      #expect(line.contains("learning rate 100") && line.contains("lower optimizer.learning-rate"))
    }
  }
}
