import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// How a run goes on under another recipe: as a run of its own.
  @Suite struct ForkTests {
    private let old = RunFiles((try? Scratch.path("old")) ?? "")
    private let new = RunFiles((try? Scratch.path("new")) ?? "")

    /// 21 photos to train on, three steps an epoch.
    private static let settings =
      Photos.settings + [
        "data.validation=0.2", "training.epochs=3", "training.global-batch=8",
        "training.micro-batch=4",
      ]

    private func train(_ run: RunFiles, _ changes: String...) throws {
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", run.path] + set(Self.settings + changes))
      try #require(trained.exitCode == 0, "\(trained.errors)")
    }

    private func fork(_ origin: RunFiles, _ changes: String...) throws -> WorkerRun {
      try tutti(
        ["train", "--run", origin.path, "--resume", "auto", "--fork", new.path] + set(changes))
    }

    @Test func `a fork goes on as the other run would have`() throws {
      let straight = RunFiles(try Scratch.path("straight"))
      try train(old, "training.max-steps=2")
      try train(straight, "training.max-steps=7")
      #expect(try fork(old, "training.max-steps=7").exitCode == 0)
      #expect(try new.contents(ofCheckpoint: 7) == straight.contents(ofCheckpoint: 7))
      #expect(old.checkpoints == [2])
    }

    @Test func `another recipe needs a fork, and the fork resumes without the other run`() throws {
      try train(old)
      let refused = try tutti(
        ["train", "--run", old.path, "--resume", "auto"] + set(["training.epochs=4"]))
      #expect(refused.exitCode == 65)
      #expect(refused.errors.contains("training.epochs was 3, is 4"))
      #expect(refused.errors.contains("--fork NEW"))

      #expect(try fork(old, "training.epochs=4").exitCode == 0)
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(new.path)/fork.json"))
      let origin = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(origin["run"] as? String == old.path)
      #expect(origin["step"] as? Int == 9)
      #expect(origin["changed"] as? [String] == ["training.epochs was 3, is 4"])

      try FileManager.default.removeItem(atPath: old.path)
      let again = try fork(old, "training.epochs=4")
      #expect(again.exitCode == 0)
      #expect(again.output.contains("is finished, after 12 steps"))
      let other = try fork(RunFiles("elsewhere"), "training.epochs=4")
      #expect(other.exitCode == 65)
      #expect(other.errors.contains("exists already and was not forked from elsewhere"))
    }

    @Test func `a fork may have another image size`() throws {
      try train(old, "training.max-steps=3")
      let forked = try fork(old, "training.max-steps=4", "model.image-size=24")
      #expect(forked.exitCode == 0, "\(forked.errors)")
      #expect(
        forked.output.contains("; model.image-size was 32, is 24, training.max"), "\(forked.errors)"
      )
      #expect(new.checkpoints == [3, 4])
    }

    @Test func `an epoch with other steps begins again`() throws {
      try train(old, "training.max-steps=5")
      // Five steps are one epoch and two steps; with batches of four, an epoch has five steps.
      #expect(try fork(old, "training.max-steps=6", "training.global-batch=4").exitCode == 0)
      #expect(new.checkpoints == [5, 6])
      let state = try new.state(ofCheckpoint: 6)
      #expect(state["step_in_epoch"] as? Int == 1)
      // The epoch's means are those of its own steps: the four samples of one.
      let rules = try #require(state["rules"] as? [String: [String: Double]])
      #expect(rules["epoch-sums"]?["samples"] == 4)
    }

    @Test func `after a kill amid forking, the same command forks`() throws {
      try train(old, "training.max-steps=2")
      let files = FileManager.default
      try files.createDirectory(
        atPath: "\(new.path)/checkpoints/.partial", withIntermediateDirectories: true)
      for (name, text) in [
        (".beginning", ""), (".in-use", ""), ("fork.json", "{}"),
        ("checkpoints/.partial/a", "half"),
      ] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(new.path)/\(name)"))
      }
      let forked = try fork(old, "training.max-steps=4")
      #expect(forked.exitCode == 0, "\(forked.errors)")
      #expect(new.checkpoints == [2, 4] || new.checkpoints == [2, 3, 4])
      let names = try files.contentsOfDirectory(atPath: new.path).sorted()
        .filter { !$0.hasPrefix("events.out.tfevents.") }
      #expect(
        names == [
          "checkpoints", "environment.json", "fork.json", "metrics.jsonl", "recipe.yaml",
          "report.html", "validation.csv",
        ])
      // The old run is the same under another spelling.
      let spelled = RunFiles(old.path.replacing("/old", with: "//./old"))
      #expect(try fork(spelled, "training.max-steps=4").exitCode == 0)
    }

    @Test(arguments: [
      ("training.global-batch=4", "has not finished its first epoch"),
      ("model.name=cifar-resnet14", "not the weights of this model"),
      ("optimizer.name=sgd", "was trained by adamw, and sgd can't go on"),
    ])
    func `what can't be forked leaves nothing behind`(change: String, line: String) throws {
      try train(old, "training.max-steps=2")
      let refused = try fork(old, change)
      #expect(refused.exitCode == 65)
      #expect(refused.complaints.count == 1)
      #expect(refused.errors.contains(line), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: new.path))
    }

    @Test func `there must be a run to fork`() throws {
      let refused = try fork(RunFiles("nothing"))
      #expect(refused.exitCode == 65)
      #expect(refused.errors.contains("nothing is neither a run's folder"))
    }
  }
}
