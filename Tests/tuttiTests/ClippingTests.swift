import Foundation
import Testing
import WorkerRun

extension EndToEnd {
  /// How often clipping acted is said of each epoch.
  @Suite struct ClippingTests {
    /// A step of plain gradient descent at a rate of 1 is the clipped gradient itself.
    @Test(arguments: [1, 3]) func `no element moves farther than the value`(ranks: Int) throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", files.path]
          + set(
            Photos.settings + [
              "optimizer.name=sgd", "optimizer.momentum=0", "optimizer.nesterov=false",
              "optimizer.weight-decay=0", "optimizer.learning-rate=1", "schedule.name=constant",
              "optimizer.clip-norm=none", "optimizer.clip-value=0.001", "training.global-batch=12",
              "training.micro-batch=4", "checkpoint.every-steps=1", "training.max-steps=2",
            ]), ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      let models = try (1...2).map { step in
        try Safetensors(#require(try files.contents(ofCheckpoint: step)["model.safetensors"]))
      }
      var moves: [Float] = []
      for name in models[0].names where !name.contains("running") && !name.contains("tracked") {
        moves += zip(try models[0].floats(name), try models[1].floats(name)).map { abs($0 - $1) }
      }
      // But for the rounding of weights that are near 1.
      #expect(moves.allSatisfy { $0 <= 0.001 + 2e-7 })
      #expect(moves.count { $0 >= 0.001 - 2e-7 } > moves.count / 10)
      #expect(moves.count { $0 > 0 && $0 < 0.0009 } > moves.count / 10)
    }

    /// An epoch has twelve steps, and two trainings of three stop in its middle.
    @Test(arguments: [
      ["optimizer.clip-norm=none", "optimizer.clip-value=0.2"], ["optimizer.clip-norm=1"],
    ])
    func `the share of an epoch's steps, and the same bits on ranks and after stops`(
      clipping: [String]
    ) throws {
      let reference = try Reference.made.get()
      let ends = try [(1, []), (3, [5]), (2, [3, 7])].map { ranks, stops in
        let files = RunFiles(try Scratch.path("run"))
        for last in stops + [Reference.stepsPerEpoch] {
          let run = try tutti(
            reference.options(files, clipping + ["training.max-steps=\(last)"]), ranks: ranks)
          #expect(run.exitCode == 0, "\(run.errors)")
          if last < Reference.stepsPerEpoch { continue }
          #expect(run.output.contains(" % of the steps; validation loss"))
        }
        let epoch = try #require(try files.metrics().first { $0["kind"] as? String == "epoch" })
        return (
          share: try #require(epoch["clipped_share"] as? Double),
          bytes: try files.contents(ofCheckpoint: Reference.stepsPerEpoch), files: files
        )
      }
      #expect(ends[0].bytes.count == 3)
      for end in ends {
        #expect(end.share == ends[0].share)
        #expect(end.bytes == ends[0].bytes)
      }
      let share = ends[0].share * Double(Reference.stepsPerEpoch)
      #expect(share > 0 && share < Double(Reference.stepsPerEpoch), "all or none: \(share)")
      if clipping.count == 1 {
        let norms = try ends[0].files.metrics().compactMap { $0["gradient_norm"] as? Double }
        #expect(norms.count { $0 > 1 } == Int(share.rounded()))
      } else {
        let plain = try reference.files.contents(ofCheckpoint: Reference.stepsPerEpoch)
        #expect(plain["model.safetensors"] != ends[0].bytes["model.safetensors"])
      }
    }
  }
}
