import Foundation
import Runs
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// What `--resume auto` makes of a folder, and what is said without it. How a run goes on from a
  /// checkpoint is among the interruptions; that it starts without a folder, in the reference.
  @Suite struct ResumeTests {
    let reference: Reference

    init() throws { reference = try Reference.made.get() }

    @Test func `a finished run says so; a key that leaves results alone may change`() throws {
      let files = RunFiles(try Scratch.copy(of: reference.files.path))
      let run = try tutti(reference.options(files, ["checkpoint.keep=8"]), ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("\nfinished  \(files.path) is finished, after 30 steps\n"))
      #expect(run.errors.contains("checkpoint.keep was 9, is 8; results stay the same"))
      try reference.expectSameBits(files)
    }

    @Test func `a folder that has a run is refused without --resume, and left as it was`() throws {
      let before = try reference.files.contents()
      let run = try tutti(
        ["train", "--data", reference.photos, "--run", reference.files.path]
          + set(Reference.settings), ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.complaints.count == 1)
      #expect(
        run.errors.contains(
          "\(reference.files.path) exists already; name another folder with --run, or go on with "
            + "--resume auto"))
      #expect(try reference.files.contents() == before)
    }

    @Test
    func `keys that affect results can't change: they are listed, nothing is touched`() throws {
      let before = try reference.files.contents()
      let run = try tutti(
        reference.options(reference.files, ["training.seed=7", "loss.label-smoothing=0"]))
      #expect(run.exitCode == 65)
      #expect(run.complaints.count == 1)
      #expect(run.errors.contains("training.seed was 42, is 7"))
      #expect(run.errors.contains("loss.label-smoothing was 0.1, is 0"))
      #expect(!run.errors.contains("checkpoint.keep"))
      #expect(try reference.files.contents() == before)
    }

    @Test func `a folder that another process works in is refused, with who it is`() throws {
      let files = RunFiles(try Scratch.copy(of: reference.files.path))
      let lock = try RunLock(files.path)
      let run = try tutti(reference.options(files))
      #expect(run.exitCode == 1)
      #expect(run.complaints.count == 1)
      #expect(
        run.errors.contains("\(files.path) is in use by process \(getpid()) on host "),
        "\(run.errors)")
      withExtendedLifetime(lock) {}
    }

    @Test func `an edited recipe is said to whoever asks the model`() throws {
      let files = RunFiles(try Scratch.copy(of: reference.files.path))
      let recipe = URL(fileURLWithPath: "\(files.path)/recipe.yaml")
      let text = try String(contentsOf: recipe, encoding: .utf8)
      let photo = "\(Photos.few)/disc/00.jpg"
      for (edited, isSaid) in [(text, false), (text.replacing("seed: 42", with: "seed: 43"), true)]
      {
        try edited.write(to: recipe, atomically: true, encoding: .utf8)
        let run = try tutti(["predict", "--model", files.path, photo])
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(
          run.errors.contains("recipe.yaml was changed after \(files.path)/checkpoints/step-")
            == isSaid, "\(run.errors)")
      }
    }

    @Test func `zeros behind the checkpoint's lines don't stop a run from going on`() throws {
      let files = RunFiles(try Scratch.copy(of: reference.files.path))
      try FileManager.default.removeItem(atPath: files.checkpoint(30))
      let metrics = URL(fileURLWithPath: "\(files.path)/metrics.jsonl")
      let lines = try Data(contentsOf: metrics).split(separator: 10)
      var damaged = Data(lines.prefix(26).flatMap { $0 + [10] })
      damaged.append(Data(count: 3000) + [10])
      try damaged.write(to: metrics)
      let run = try tutti(reference.options(files))
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(try files.steps("step") == Array(1...30))
      try reference.expectSameBits(files)
    }

    @Test func `other photos than before are refused`() throws {
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", reference.files.path, "--resume", "auto"]
          + set(Reference.settings))
      #expect(run.exitCode == 65)
      #expect(run.errors.contains("the photos are not those that \(reference.files.path)"))
    }

    @Test(arguments: ["model.safetensors", "optimizer.safetensors", "state.json"])
    func `a checkpoint with one flipped byte is passed over for the one before`(
      file: String
    ) throws {
      let files = RunFiles(try Scratch.copy(of: reference.files.path))
      #expect(files.checkpoints == [12, 24, 30])
      try flipByte(of: "\(files.checkpoint(30))/\(file)")
      let run = try tutti(reference.options(files))
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(
        run.errors.contains(
          "passed over a checkpoint: \(files.checkpoint(30)): \(file) has changed"))
      #expect(run.output.contains("resumed   after step 24\n"))
      try reference.expectSameBits(files)
    }

    @Test func `where the only checkpoint has one, nothing starts anew in silence`() throws {
      let files = RunFiles(try Scratch.copy(of: reference.files.path))
      for step in [12, 24] { try FileManager.default.removeItem(atPath: files.checkpoint(step)) }
      try flipByte(of: "\(files.checkpoint(30))/model.safetensors")
      let before = try files.contents()
      let run = try tutti(reference.options(files), ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.complaints.count == 1)
      #expect(run.errors.contains("\(files.path) has no checkpoint that can be used: "))
      #expect(run.errors.contains("step-00000030: model.safetensors has changed"))
      #expect(try files.contents() == before)

      let evaluation = try tutti(["evaluate", "--model", files.checkpoint(30), "--json"], ranks: 2)
      #expect(evaluation.exitCode == 65)
      #expect(evaluation.output.isEmpty)
      #expect(evaluation.complaints.count == 1)
      #expect(evaluation.errors.contains("model.safetensors has changed"))
    }
  }
}

/// Changes one bit in the middle of a file.
private func flipByte(of path: String) throws {
  let url = URL(fileURLWithPath: path)
  var bytes = try Data(contentsOf: url)
  bytes[bytes.count / 2] ^= 1
  try bytes.write(to: url)
}
