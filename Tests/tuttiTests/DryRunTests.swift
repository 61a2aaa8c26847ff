import Foundation
import Testing
import WorkerRun

extension EndToEnd {
  /// What is said before a job is begun or queued, and a run that is to be done in time.
  @Suite struct DryRunTests {
    private static let settings =
      Photos.settings + ["training.global-batch=12", "training.micro-batch=4"]

    private func expectNothing(
      in folder: String, _ run: WorkerRun, _ lines: [String],
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(run.exitCode == 0, "\(run.errors)", sourceLocation: sourceLocation)
      let said = run.output.split(separator: "\n").map(String.init)
      for start in lines + ["memory    ", "written   nothing"] {
        #expect(
          said.contains { $0.hasPrefix(start) }, "\(start): \(run.output)",
          sourceLocation: sourceLocation)
      }
      #expect(!FileManager.default.fileExists(atPath: folder), sourceLocation: sourceLocation)
    }

    @Test(arguments: [nil, 3]) func `of a training`(ranks: Int?) throws {
      let folder = try Scratch.path("run")
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", folder, "--dry-run"] + set(Self.settings),
        ranks: ranks)
      // 24 photos are trained on: two steps an epoch.
      expectNothing(
        in: folder, run,
        ["trial     2 steps, ", "time      ", "disk      checkpoints would take "])
    }

    @Test func `of a cross-validation on two teams`() throws {
      let folder = try Scratch.path("cv")
      let run = try tutti(
        [
          "crossval", "--folds", "3", "--parallel-folds", "2", "--data", Photos.few, "--run",
          folder,
          "--dry-run",
        ] + set(Self.settings), ranks: 3)
      expectNothing(in: folder, run, ["trial     2 steps, ", "time      ", "disk      "])
      #expect(run.output.contains(" for 3 folds of 30 epochs, 2 at a time"))
    }

    @Test func `of a probe`() throws {
      let folder = try Scratch.path("probe")
      let weights = try Reference.made.get().files.path
      let run = try tutti(
        [
          "probe", Photos.few, "--weights", weights, "--folds", "3", "--run", folder, "--dry-run",
        ], ranks: 2)
      expectNothing(in: folder, run, ["time      "])
    }

    @Test func `what a training would refuse is refused`() throws {
      let taken = try Scratch.path("taken")
      try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: true)
      try "x".write(toFile: "\(taken)/x", atomically: true, encoding: .utf8)
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", taken, "--dry-run"] + set(Self.settings))
      #expect(run.exitCode == 65 && run.complaints.count == 1, "\(run.errors)")
    }

    @Test(arguments: [1, 2]) func `as many epochs as there is time for, and no fewer later`(
      ranks: Int
    ) throws {
      let files = RunFiles(try Scratch.path("run"))
      let options =
        ["train", "--data", Photos.few, "--run", files.path, "--resume", "auto"]
        + ["--time-limit", "60s"]
        + set(Self.settings + ["training.epochs=100000", "training.max-steps=2"])
      func epochs() throws -> Int {
        let recipe = try String(contentsOfFile: "\(files.path)/recipe.yaml", encoding: .utf8)
        let match = try #require(recipe.firstMatch(of: #/epochs: ([0-9]+)/#))
        return try #require(Int(match.1))
      }
      let run = try tutti(options, ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      let begun = try epochs()
      #expect((1..<100_000).contains(begun))
      #expect(run.output.contains("\nlimit     \(begun) epoch"), "\(run.output)")
      let again = try tutti(options + set(["training.max-steps=3"]), ranks: ranks)
      #expect(again.exitCode == 0 && files.checkpoints.contains(3), "\(again.errors)")
      #expect(try epochs() == begun)
    }

    @Test func `folds share the time out`() throws {
      let files = RunFiles(try Scratch.path("cv"))
      let options =
        ["crossval", "--folds", "3", "--data", Photos.few, "--run", files.path]
        + set(Self.settings + ["training.epochs=100000", "training.max-steps=2"])
      let run = try tutti(options + ["--time-limit", "60s"], ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(
        run.output.contains(
          #/\nlimit     [0-9]+ epochs? .*; the recipe has 100000; a fold's, of which [123] /#),
        "\(run.output)")
    }

    @Test func `less time than an epoch takes is told`() throws {
      let folder = try Scratch.path("run")
      let run = try tutti(
        ["train", "--data", Photos.few, "--run", folder, "--time-limit", "0.001s"]
          + set(Self.settings))
      #expect(run.exitCode == 65)
      #expect(
        run.complaints.first?.hasPrefix("tutti: --time-limit is 0 s, and one epoch would take ")
          == true, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}
