import Foundation
import Support
import Testing
import tutti
import WorkerRun

/// A cross-validation of the small photos.
struct Crossval {
  static let settings =
    Photos.settings + [
      "training.epochs=6", "training.global-batch=8", "training.micro-batch=2", "data.test=0.2",
      "checkpoint.every-steps=2",
    ]

  let folder: RunFiles
  let run: WorkerRun

  init(
    ranks: Int?, _ more: [String] = [], in folder: RunFiles? = nil, photos: String = Photos.few,
    folds: Int = 5
  ) throws {
    let folder = try folder ?? RunFiles(Scratch.path("crossval"))
    self.folder = folder
    run = try tutti(
      Self.options(folder.path, more, photos: photos, folds: folds), ranks: ranks)
  }

  static func options(
    _ folder: String, _ more: [String] = [], photos: String = Photos.few, folds: Int = 5
  ) -> [String] {
    [
      "crossval", "--folds", "\(folds)", "--data", photos, "--run", folder, "--resume", "auto",
    ]
      // Photos that bring splits bring their test photos.
      + set(settings.filter { photos == Photos.few || !$0.hasPrefix("data.test=") }) + more
  }

  /// The files of results, byte for byte.
  var results: [String: Data] {
    (try? folder.contents().filter { name, _ in
      name.hasSuffix(".csv") || name.hasSuffix("result.json") || name == "scores.json"
    }) ?? [:]
  }

  /// The weights of each fold's last checkpoint, byte for byte.
  var weights: [Data] {
    get throws {
      try (0..<5).map { fold in
        let run = RunFiles("\(folder.path)/folds/fold-\(fold)")
        let last = try #require(run.checkpoints.last)
        return try #require(try run.contents(ofCheckpoint: last)["model.safetensors"])
      }
    }
  }

  func rows(_ file: String) throws -> [[String]] {
    try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",").map(String.init) }
  }

  func scores() throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/scores.json"))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }
}
