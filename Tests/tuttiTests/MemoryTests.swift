import Foundation
import Testing
import WorkerRun

extension EndToEnd {
  /// What a training takes of memory: told before, kept within a limit, with the same bits.
  @Suite struct MemoryTests {
    /// Steps of 64 photos in two micro-batches, whose activations are most of what is taken.
    private static let large = [
      "model.name=mobilenetv3-small", "model.image-size=64", "training.threads=1",
      "training.global-batch=64", "training.micro-batch=32", "evaluation.micro-batch=4",
      "training.epochs=1", "training.max-steps=2",
    ]

    private func train(
      _ folder: String, _ settings: [String], ranks: Int? = nil
    ) throws -> WorkerRun {
      let reference = try Reference.made.get()
      return try tutti(
        ["train", "--data", reference.photos, "--run", folder] + set(Self.large + settings),
        ranks: ranks)
    }

    /// The total of the first lines, and what of it is for activations. Bytes.
    private func told(_ run: WorkerRun) throws -> (total: Double, activations: Double) {
      let number = #/([0-9.]+) ([MG])B/#
      let line = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("memory ") })
      func bytes(_ text: Substring) throws -> Double {
        let match = try #require(text.firstMatch(of: number))
        return try #require(Double(match.1)) * (match.2 == "M" ? 1e6 : 1e9)
      }
      let activations = try #require(
        line.split(separator: ",").first { $0.hasSuffix("for activations") })
      return (try bytes(line), try bytes(activations))
    }

    @Test func `as many blocks are run again as the limit asks for, with the same bits`() throws {
      let plain = RunFiles(try Scratch.path("plain"))
      let run = try train(plain.path, [])
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(!run.output.contains("\nrecompute"))
      let (total, activations) = try told(run)
      let bytes = try plain.contents(ofCheckpoint: 2)
      #expect(bytes.count == 3)
      for (settings, ranks, blocks) in [
        (["training.memory-limit=\(Int((total - activations / 8) / 1e6))MB"], 1, 1...5),
        (["training.recompute=blocks"], 1, 11...11), (["training.recompute=blocks"], 2, 11...11),
      ] {
        let files = RunFiles(try Scratch.path("run"))
        let run = try train(files.path, settings, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        let line = run.output.split(separator: "\n").first { $0.hasPrefix("recompute ") }
        let found = line?.split(separator: " ")[1]
        #expect(found.flatMap { Int($0) }.map(blocks.contains) == true, "\(line ?? "no line")")
        #expect(try told(run).activations < activations)
        #expect(try files.contents(ofCheckpoint: 2) == bytes)
      }
    }

    /// Addresses are scarce where memory isn't: OpenBLAS's buffers and threads take hundreds of megabytes of them.
    @Test func `what ulimit -v leaves is enough, or told to be too little`() throws {
      let script = try Scratch.path("limited.sh")
      try Data(#"ulimit -v 1050000; exec "$@""#.utf8).write(to: URL(filePath: script))
      let reference = try Reference.made.get()
      for (side, code) in [(64, 0), (224, 65)] as [(Int, Int32)] {
        let folder = try Scratch.path("run")
        let run = try tutti(
          ["train", "--data", reference.photos, "--run", folder]
            + set(Self.large + ["model.image-size=\(side)", "training.recompute=none"]),
          ranks: 1, options: ["sh", script])
        #expect(run.exitCode == code, "\(run.output)\(run.errors)")
        if code == 0 {
          #expect(run.output.contains("what ulimit -v leaves beside "))
        } else {
          #expect(run.complaints.count == 1, "\(run.errors)")
          #expect(run.errors.contains("what ulimit -v leaves beside "), "\(run.errors)")
        }
      }
    }

    @Test(arguments: [nil, 2])
    func `what doesn't fit is told before anything is begun`(ranks: Int?) throws {
      let files = RunFiles(try Scratch.path("run"))
      for (limit, remedy) in [("2MB", false), ("150MB", true)] {
        let run = try train(
          files.path,
          [
            "training.memory-limit=\(limit)", "training.micro-batch=256",
            "training.global-batch=512",
          ], ranks: ranks)
        #expect(run.exitCode == 65)
        #expect(run.complaints.count == 1, "\(run.errors)")
        let line = try #require(run.complaints.first)
        #expect(line.hasPrefix("tutti: the training would take "))
        #expect(line.contains("\(ByteText.of(limit)) (training.memory-limit). What helps: "))
        #expect(line.contains("--set training.micro-batch=") == remedy, "\(line)")
        #expect(!FileManager.default.fileExists(atPath: files.path))
      }
    }
  }
}

private enum ByteText {
  /// `110MB` as the program says it.
  static func of(_ limit: String) -> String {
    limit.replacingOccurrences(of: "MB", with: limit.count > 4 ? " MB" : ".0 MB")
  }
}
