import Foundation
import Testing

/// `tutti` in a process of its own, without mpirun, in a folder of its own.
private struct Workplace {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())").path

  /// A small model and few photos: 21 to train on, three steps an epoch.
  static let recipe = [
    "model.name=cifar-resnet8", "model.image-size=32", "data.validation=0.2", "data.test=0.1",
    "training.epochs=3", "training.global-batch=8", "training.micro-batch=4", "training.threads=1",
  ]
  private static let photos = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/photos").path

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func tutti(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    // Beside the test bundle, where the build puts all products.
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "tutti")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    for name in ["output", "errors"] {
      try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/output")
    process.standardError = FileHandle(forWritingAtPath: "\(folder)/errors")
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try text("output"), try text("errors"))
  }

  /// A first training, under the small recipe with changes.
  func train(_ run: String, _ changes: String...) throws {
    let settings = (Self.recipe + changes).flatMap { ["--set", $0] }
    let trained = try tutti(["train", "--data", Self.photos, "--run", run] + settings)
    try #require(trained.code == 0, "\(trained.errors)")
  }

  func fork(_ old: String, _ new: String, _ changes: String...) throws -> (
    code: Int32, output: String, errors: String
  ) {
    try tutti(
      ["train", "--run", old, "--resume", "auto", "--fork", new]
        + changes.flatMap { ["--set", $0] })
  }

  func text(_ name: String) throws -> String {
    String(decoding: try data(name), as: UTF8.self)
  }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  func checkpoints(_ run: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(run)/checkpoints").sorted()
  }
}

@Suite("Forks", .serialized) struct ForkTests {
  private let work: Workplace

  init() throws { work = try Workplace() }

  @Test func aForkGoesOnAsTheOtherRunWouldHave() throws {
    defer { work.remove() }
    try work.train("old", "training.max-steps=2")
    try work.train("straight", "training.max-steps=7")
    #expect(try work.fork("old", "new", "training.max-steps=7").code == 0)
    for file in ["model.safetensors", "optimizer.safetensors"] {
      let path = "checkpoints/step-00000007/\(file)"
      #expect(try work.data("new/\(path)") == work.data("straight/\(path)"), "\(file)")
    }
    #expect(try work.checkpoints("old") == ["step-00000002"])
  }

  @Test func anotherRecipeNeedsAForkAndTheForkResumes() throws {
    defer { work.remove() }
    try work.train("old")
    let longer = ["--resume", "auto", "--set", "training.epochs=4"]
    let refused = try work.tutti(["train", "--run", "old"] + longer)
    #expect(refused.code == 65)
    #expect(refused.errors.contains("training.epochs was 3, is 4"))
    #expect(refused.errors.contains("--fork NEW"))

    #expect(try work.fork("old", "new", "training.epochs=4").code == 0)
    #expect(try work.text("new/recipe.yaml").contains("epochs: 4"))
    #expect(try work.text("old/recipe.yaml").contains("epochs: 3"))
    let origin = try JSONSerialization.jsonObject(with: work.data("new/fork.json"))
    let keys = try #require(origin as? [String: Any])
    #expect(keys["run"] as? String == "old")
    #expect(keys["step"] as? Int == 9)
    #expect(keys["changed"] as? [String] == ["training.epochs was 3, is 4"])

    // The new run is all that a restart needs.
    try FileManager.default.removeItem(atPath: "\(work.folder)/old")
    let again = try work.fork("old", "new", "training.epochs=4")
    #expect(again.code == 0)
    #expect(again.output.contains("new is finished, after 12 steps"))
    let other = try work.fork("elsewhere", "new", "training.epochs=4")
    #expect(other.code == 65)
    #expect(other.errors.contains("new exists already and was not forked from elsewhere"))
  }

  @Test func anEpochWithOtherStepsBeginsAgain() throws {
    defer { work.remove() }
    try work.train("old", "training.max-steps=5")
    // Five steps are one epoch and two steps; with batches of four, an epoch has five steps.
    let changes = ("training.max-steps=6", "training.global-batch=4")
    #expect(try work.fork("old", "new", changes.0, changes.1).code == 0)
    #expect(try work.checkpoints("new") == ["step-00000005", "step-00000006"])
    let state = try work.text("new/checkpoints/step-00000006/state.json")
    #expect(state.contains("\"step_in_epoch\" : 1"))
  }

  @Test func whatCannotBeForkedLeavesNothingBehind() throws {
    defer { work.remove() }
    try work.train("old", "training.max-steps=2")
    for (changes, line) in [
      ("training.global-batch=4", "has not finished its first epoch"),
      ("model.name=cifar-resnet14", "not the weights of this model"),
    ] {
      let refused = try work.fork("old", "new", changes)
      #expect(refused.code == 65)
      #expect(refused.errors.contains(line), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: "\(work.folder)/new"))
    }
    let nothing = try work.fork("nothing", "new")
    #expect(nothing.code == 65)
    #expect(nothing.errors.contains("nothing is neither a run's folder"))
  }
}
