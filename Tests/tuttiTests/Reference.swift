import Foundation
import Support
import Testing
import WorkerRun

/// The run that others are compared with: 30 steps on one rank, never interrupted.
///
/// An epoch has 725 photos: eleven steps of 64 and one of 21, which is three micro-batches of seven.
/// So the steps 12 and 24 are ragged, and the run ends in mid-epoch.
struct Reference {
  static let made = Result { try Reference() }
  static let lastStep = 30
  static let stepsPerEpoch = 12
  static let settings =
    Photos.settings + [
      "training.epochs=3", "training.max-steps=\(lastStep)", "training.global-batch=64",
      "training.micro-batch=8", "checkpoint.keep=9",
    ]

  let photos: String
  let files: RunFiles
  let run: WorkerRun

  private init() throws {
    photos = try Photos.folder(train: 725)
    files = RunFiles(try Scratch.path("reference"))
    run = try tutti(
      ["train", "--data", photos, "--run", files.path, "--resume", "auto"] + set(Self.settings))
  }

  /// The options for the same run in another folder.
  func options(_ folder: RunFiles, _ settings: [String] = []) -> [String] {
    ["train", "--data", photos, "--run", folder.path, "--resume", "auto"]
      + set(Self.settings + settings)
  }

  /// Expects the last checkpoint of a run to have this one's bytes.
  func expectSameBits(
    _ other: RunFiles, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let own = try files.contents(ofCheckpoint: Self.lastStep)
    #expect(
      own.keys.sorted() == ["model.safetensors", "optimizer.safetensors", "state.json"],
      sourceLocation: sourceLocation)
    let others = try other.contents(ofCheckpoint: Self.lastStep)
    for (name, bytes) in own {
      #expect(others[name] == bytes, "\(name) differs", sourceLocation: sourceLocation)
    }
  }
}
