import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// LAMB's formula, by what a training leaves on the disk.
  @Suite struct LAMBTrainingTests {
    private static let (rate, decay, betas, epsilon) = (0.02, 0.1, (0.9, 0.999), 1e-6)

    /// The moments are the ones after a step; those of the second and third belong to biases that aren't 0 any more.
    @Test(arguments: [false, true])
    func `each step is as long as the weights, but that of norms and biases`(vectors: Bool) throws {
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        ["train", "--data", Photos.folder(train: 40), "--run", files.path]
          + set(
            Photos.settings + [
              "optimizer.name=lamb", "optimizer.learning-rate=\(Self.rate)",
              "optimizer.weight-decay=\(Self.decay)", "schedule.name=constant",
              "optimizer.decay-norms-and-biases=\(vectors)", "training.global-batch=16",
              "training.micro-batch=4", "training.max-steps=3", "checkpoint.every-steps=1",
            ]), ranks: 3)
      #expect(run.exitCode == 0, "\(run.errors)")
      for step in [2, 3] {
        let before = try tensors(files, step - 1, "model"),
          after = try tensors(files, step, "model")
        let moments = try tensors(files, step, "optimizer")
        var (matrices, others) = (0, 0)
        for name in after.names where moments.shapes["exp_avg.\(name)"] != nil {
          let isMatrix = (after.shapes[name]?.count ?? 0) > 1
          if isMatrix { matrices += 1 } else { others += 1 }
          let old = try before.floats(name).map(Double.init)
          let new = try after.floats(name).map(Double.init)
          let moved = zip(old, new).map { $0 - $1 }
          let expected = expectedStep(
            step, old, try moments.floats("exp_avg.\(name)"),
            try moments.floats("exp_avg_sq.\(name)"), hasLength: isMatrix || vectors)
          let error = norm(zip(moved, expected).map { $0 - $1 })
          #expect(norm(expected) > 0 && error < 1e-4 * norm(expected), "\(name), step \(step)")
        }
        #expect(matrices > 5 && others > 10)
      }
    }

    /// What is taken off a parameter's values.
    private func expectedStep(
      _ step: Int, _ weights: [Double], _ mean: [Float], _ square: [Float], hasLength: Bool
    ) -> [Double] {
      let (first, second) = (
        1 - pow(Self.betas.0, Double(step)), 1 - pow(Self.betas.1, Double(step))
      )
      let direction = weights.indices.map { i in
        Double(mean[i]) / first / ((Double(square[i]) / second).squareRoot() + Self.epsilon)
          + (hasLength ? Self.decay * weights[i] : 0)
      }
      let ratio = hasLength ? norm(weights) / norm(direction) : 1
      return direction.map { Self.rate * ratio * $0 }
    }

    private func norm(_ values: [Double]) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    private func tensors(_ files: RunFiles, _ step: Int, _ name: String) throws -> Safetensors {
      try Safetensors(#require(files.contents(ofCheckpoint: step)["\(name).safetensors"]))
    }
  }
}
