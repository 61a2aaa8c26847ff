import Foundation
import Support
import WorkerRun

/// Three models of the same photos that differ in network, image size and seed.
struct Members {
  static let made = Result { try Members() }

  /// 40 photos to train on, 12 to validate and 101 to test, which are 13 atoms.
  let photos: String
  let runs: [RunFiles]
  var paths: [String] { runs.map(\.path) }

  private init() throws {
    let photos = try Photos.folder(train: 40, validation: 12, test: 101)
    self.photos = photos
    let differences = [
      ["training.seed=1"], ["training.seed=2", "model.image-size=24"],
      ["training.seed=3", "model.name=cifar-resnet14", "evaluation.micro-batch=16"],
    ]
    runs = try differences.map { try Self.train(on: photos, $0) }
  }

  static let settings =
    Photos.settings + [
      "training.epochs=6", "training.global-batch=10", "training.micro-batch=5",
      "evaluation.micro-batch=8", "optimizer.learning-rate=0.01", "checkpoint.keep=9",
    ]

  /// A run of six epochs of four steps, or as the settings say.
  static func train(on photos: String, _ settings: [String]) throws -> RunFiles {
    let run = RunFiles(try Scratch.path("member"))
    let trained = try tutti(
      ["train", "--data", photos, "--run", run.path]
        + set(Self.settings + settings))
    guard trained.exitCode == 0 else { throw Failed(description: trained.errors) }
    return run
  }

  private struct Failed: Error, CustomStringConvertible { let description: String }
}

/// A JSON document that the program prints.
func json(_ run: WorkerRun) throws -> Any {
  try JSONSerialization.jsonObject(with: Data(run.output.utf8))
}
