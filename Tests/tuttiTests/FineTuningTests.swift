import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// Frozen parts, groups, heads and dropout, on ranks and over interruptions.
  @Suite struct FineTuningTests {
    /// 21 photos to train on, three steps an epoch; the body joins after the first.
    private static let settings =
      Photos.settings + [
        "data.validation=0.2", "training.epochs=3", "training.global-batch=8",
        "training.micro-batch=2", "model.head=regularised", "fine-tuning.freeze=[body]",
        "fine-tuning.freeze-epochs=1", "optimizer.groups=[{stem: 0.1}]",
        "optimizer.layer-decay=0.9", "checkpoint.every-steps=1", "checkpoint.keep=9",
      ]

    private func train(
      _ run: RunFiles, ranks: Int? = nil, _ changes: [String] = []
    ) throws -> WorkerRun {
      try tutti(
        ["train", "--data", Photos.few, "--run", run.path, "--resume", "auto"]
          + set(Self.settings + changes), ranks: ranks)
    }

    private func trained(ranks: Int? = nil, _ changes: String...) throws -> RunFiles {
      let run = RunFiles(try Scratch.path("run"))
      let result = try train(run, ranks: ranks, changes)
      try #require(result.exitCode == 0, "\(result.errors)")
      return run
    }

    @Test
    func `same bits on ranks and threads, and over a stop on either side of unfreezing`() throws {
      let expected = try trained().contents(ofCheckpoint: 9)
      #expect(expected.count == 3)
      for ranks in 2...4 {
        #expect(try trained(ranks: ranks).contents(ofCheckpoint: 9) == expected, "\(ranks) ranks")
      }
      let threads = try trained(ranks: 2, "training.threads=2")
      #expect(try threads.contents(ofCheckpoint: 9) == expected)
      for stop in [2, 3, 4] {
        let run = try trained(ranks: 3, "training.max-steps=\(stop)")
        #expect(run.checkpoints.last == stop)
        #expect(try train(run, ranks: 2, ["training.max-steps=none"]).exitCode == 0)
        #expect(try run.contents(ofCheckpoint: 9) == expected, "stopped after \(stop)")
      }
    }

    @Test func `what is frozen keeps its bits, and then counts its own steps`() throws {
      let run = RunFiles(try Scratch.path("run"))
      let result = try train(run)
      #expect(result.output.contains("frozen    77,392 of the parameters, in the first epoch\n"))
      let (first, last, later) = (
        try run.tensors(ofCheckpoint: 1), try run.tensors(ofCheckpoint: 3),
        try run.tensors(ofCheckpoint: 4)
      )
      for (name, bytes) in first where !name.hasSuffix("num_batches_tracked") {
        let isHead = name.hasPrefix("fc.")
        #expect((last[name] == bytes) != isHead, "\(name)")
        #expect(later[name] != bytes, "\(name)")
      }
      let moments = try run.tensors(ofCheckpoint: 3, "optimizer.safetensors")
      for (name, bytes) in moments {
        #expect(bytes.contains { $0 != 0 } == name.contains(".fc."), "\(name)")
      }
      let missed = try run.state(ofCheckpoint: 9)["missed_updates"] as? [String: Int]
      #expect(missed?["conv1.weight"] == 3 && missed?["fc.0.weight"] == nil)
    }

    /// LAMB's steps depend on norms over parameters, the largest of which lie on several ranks.
    @Test func `LAMB and layers that learn one after the other, on ranks and over stops`() throws {
      let settings = [
        "optimizer.name=lamb", "optimizer.learning-rate=0.02", "optimizer.weight-decay=0.01",
        "fine-tuning.unfreeze=[{from-epoch: 1, patterns: [layer3]}]", "fine-tuning.freeze-epochs=2",
      ]
      func trained(ranks: Int? = nil, _ changes: String...) throws -> RunFiles {
        let run = RunFiles(try Scratch.path("run"))
        let result = try train(run, ranks: ranks, settings + changes)
        try #require(result.exitCode == 0, "\(result.errors)")
        return run
      }
      let alone = try trained()
      let expected = try alone.contents(ofCheckpoint: 9)
      #expect(expected.count == 3)
      for (ranks, threads) in [(2, 1), (3, 3), (4, 1)] {
        let run = try trained(ranks: ranks, "training.threads=\(threads)")
        #expect(try run.contents(ofCheckpoint: 9) == expected, "\(ranks) ranks × \(threads)")
      }
      for stop in [2, 4, 7] {
        let run = try trained(ranks: 4, "training.max-steps=\(stop)")
        let result = try train(run, ranks: 3, settings + ["training.max-steps=none"])
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try run.contents(ofCheckpoint: 9) == expected, "stopped after \(stop)")
      }

      let missed = try alone.state(ofCheckpoint: 9)["missed_updates"] as? [String: Int]
      #expect(missed?["conv1.weight"] == 6 && missed?["layer3.0.conv1.weight"] == 3)
      #expect(missed?["fc.0.weight"] == nil)
      let steps = try [1, 3, 6, 9].map { try alone.tensors(ofCheckpoint: $0) }
      for name in steps[0].keys where !name.hasSuffix("num_batches_tracked") {
        let changed = zip(steps, steps.dropFirst()).map { $0[name] != $1[name] }
        let expected =
          name.hasPrefix("fc.")
          ? [true, true, true]
          : name.hasPrefix("layer3.") ? [false, true, true] : [false, false, true]
        #expect(changed == expected, "\(name)")
      }
    }

    @Test func `frozen statistics stand still while their layers learn`() throws {
      let run = try trained("fine-tuning.batch-norm=frozen", "fine-tuning.freeze-epochs=2")
      let (first, last) = (try run.tensors(ofCheckpoint: 1), try run.tensors(ofCheckpoint: 9))
      for (name, bytes) in first where name.contains(".running_") {
        #expect((last[name] == bytes) != name.hasPrefix("fc."), "\(name)")
      }
      #expect(first["layer1.0.bn1.weight"] != last["layer1.0.bn1.weight"])
    }

    @Test func `dropout, and attention over positions`() throws {
      let settings = ["model.head=attention", "model.dropout=0.3", "training.max-steps=4"]
      let runs = try [1, 4].map { ranks in
        let run = RunFiles(try Scratch.path("run"))
        #expect(try train(run, ranks: ranks, settings).exitCode == 0)
        return try run.contents(ofCheckpoint: 4)
      }
      #expect(runs[0].count == 3 && runs[1] == runs[0])
    }

    @Test func `a pattern that fits nothing is told before anything is made`() throws {
      let run = RunFiles(try Scratch.path("run"))
      let result = try train(run, ranks: 2, ["fine-tuning.freeze=[layer7]"])
      #expect(result.exitCode == 65 && result.complaints.count == 1, "\(result.errors)")
      #expect(result.errors.contains("`layer7` is none of the parameters of `cifar-resnet8`"))
      #expect(!FileManager.default.fileExists(atPath: run.path))
    }
  }
}

extension RunFiles {
  /// The bytes of each tensor in a checkpoint's file.
  fileprivate func tensors(
    ofCheckpoint step: Int, _ file: String = "model.safetensors"
  ) throws -> [String: Data] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(checkpoint(step))/\(file)"))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header =
      try JSONSerialization.jsonObject(with: bytes[8..<(8 + length)]) as? [String: Any] ?? [:]
    return header.compactMapValues { value in
      guard let offsets = (value as? [String: Any])?["data_offsets"] as? [Int] else { return nil }
      return bytes[(8 + length + offsets[0])..<(8 + length + offsets[1])]
    }
  }
}
