import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Trainings that learn the answers of trained models (`loss.teacher`).
  @Suite struct TeacherTests {
    private static let settings =
      Photos.settings + [
        "data.validation=0.2", "training.epochs=3", "training.global-batch=8",
        "training.micro-batch=2",
      ]

    /// Mean and deviation otherwise than a photo's usual ones.
    private static func normalized(mean: Double, std: Double) -> String {
      "augment=[resize, {normalize: {mean: [\(mean), \(mean), \(mean)], std: [\(std), \(std), \(std)]}}]"
    }

    private func train(_ run: RunFiles, _ changes: [String], ranks: Int? = nil) throws {
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", run.path, "--resume", "auto"]
          + set(Self.settings + changes), ranks: ranks)
      try #require(trained.exitCode == 0, "\(trained.errors)")
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
      let goesOn = ["train", "--data", Photos.few, "--run", pupil.path, "--resume", "auto"]
      let other = try tutti(goesOn + set(Self.settings + taught))
      #expect(other.exitCode == 65)
      #expect(other.errors.contains("loss.teacher-sha256 is"), "\(other.errors)")
      #expect(other.errors.contains("--set loss.teacher-sha256=auto"))
      // What the line says, for a fork and for the run itself.
      let anew = set(taught + ["training.max-steps=3", "loss.teacher-sha256=auto"])
      let fork = RunFiles(try Scratch.path("fork"))
      let forked = try tutti(
        ["train", "--run", pupil.path, "--resume", "auto", "--fork", fork.path] + anew)
      #expect(forked.exitCode == 0 && fork.checkpoints == [2, 3], "\(forked.errors)")
      let itself = try tutti(["train", "--run", pupil.path, "--resume", "auto"] + anew)
      #expect(itself.exitCode == 65 && itself.errors.contains("--fork NEW"), "\(itself.errors)")

      let folds = try tutti(
        ["crossval", "--data", Photos.few, "--run", try Scratch.path("folds")]
          + set(Self.settings + taught))
      #expect(folds.errors.contains("a teacher may have seen the photos that a fold holds out"))
    }

    @Test func `several teachers, one of another normalization, on any ranks`() throws {
      let teachers = try [[], ["training.seed=2", Self.normalized(mean: 0.25, std: 0.125)]]
        .map { changes in
          let teacher = RunFiles(try Scratch.path("teacher"))
          try train(teacher, changes + ["training.max-steps=4"])
          return teacher.path
        }
      func student(_ teachers: [String], ranks: Int) throws -> [String: Data] {
        let run = RunFiles(try Scratch.path("student"))
        let taught = [
          "loss.teacher=[\(teachers.joined(separator: ", "))]", "loss.teacher-share=0.75",
          "training.max-steps=4", "training.seed=3", "checkpoint.every-steps=1",
        ]
        // The last one stops in between, and goes on with other ranks.
        if ranks == 3 { try train(run, taught + ["training.max-steps=2"], ranks: 2) }
        try train(run, taught, ranks: ranks)
        return try run.contents(ofCheckpoint: 4)
      }
      let runs = try [1, 2, 3].map { try student(teachers, ranks: $0) }
      #expect(runs[0].count == 3)
      #expect(runs[1] == runs[0] && runs[2] == runs[0])
      // Each of them counts.
      let alone = try teachers.map { try student([$0], ranks: 1)["model.safetensors"] }
      #expect(alone[0] != alone[1])
      #expect(alone.allSatisfy { $0 != runs[0]["model.safetensors"] })
    }

    /// A net whose first layer takes patches without padding says the same of x·a + c as one with a times the
    /// weights and the bias b + c·Σ of x: both teach the same.
    @Test func `a teacher sees photos by its own mean and deviation`() throws {
      let run = RunFiles(try Scratch.path("vit"))
      try train(
        run,
        [
          "model.name=vit-ti16", "training.max-steps=1", Self.normalized(mean: 0.25, std: 0.25),
        ])
      let path = try Scratch.path("model.safetensors")
      let exported = try tutti([
        "export", "--model", run.path, "--to", "safetensors", "--output", path,
      ])
      try #require(exported.exitCode == 0, "\(exported.errors)")
      func write(_ tensors: Safetensors) throws -> String {
        let path = try Scratch.path("teacher.safetensors")
        try tensors.bytes.write(to: URL(filePath: path))
        return path
      }
      var tensors = try Safetensors(Data(contentsOf: URL(filePath: path)))
      // Of answers that photos change.
      try tensors.change("head.weight") { $1 * 50 }
      let teacher = try write(tensors)
      // (x·0.5 + 0.5 − 0.25) / 0.25 = 2x + 1, which is what the student of 0.5 and 0.5 has to give it.
      let filters = try tensors.floats("patch_embed.proj.weight")
      let inputs = 3 * 16 * 16
      try tensors.change("patch_embed.proj.bias") { output, bias in
        filters[(output * inputs)..<((output + 1) * inputs)].reduce(bias, +)
      }
      try tensors.change("patch_embed.proj.weight") { $1 * 2 }
      for key in ["mean", "std"] {
        try tensors.replaceInHeader(
          #""\#(key)":"[0.25, 0.25, 0.25]""#, #""\#(key)":"[0.50, 0.50, 0.50]""#)
      }
      let losses = try [teacher, write(tensors)].map { teacher in
        let student = RunFiles(try Scratch.path("student"))
        try train(
          student,
          [
            "loss.teacher=[\(teacher)]", "loss.teacher-share=1", "training.max-steps=3",
            Self.normalized(mean: 0.5, std: 0.5), "checkpoint.every-steps=1",
          ])
        return try student.metrics().compactMap {
          $0["kind"] as? String == "step" ? $0["loss"] as? Double : nil
        }
      }
      #expect(losses[0].count == 3)
      for (one, other) in zip(losses[0], losses[1]) {
        #expect(abs(one - other) < 1e-3 * abs(one), "\(losses)")
      }
    }
  }
}
