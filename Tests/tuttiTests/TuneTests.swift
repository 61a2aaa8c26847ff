import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Searches of the small photos.
  @Suite struct TuneTests {
    /// Six trials with four epochs at most, on one rank.
    private static let reference = Result { try Search(ranks: nil) }

    @Test(arguments: [(2, "2"), (3, "auto"), (4, "1"), (4, "4")])
    func `the same bytes on ranks in teams`(ranks: Int, teams: String) throws {
      let reference = try Self.reference.get()
      #expect(reference.run.exitCode == 0, "\(reference.run.errors)")
      #expect(reference.results.count == 6 + 4)
      let other = try Search(ranks: ranks, ["--parallel-trials", teams])
      #expect(other.run.exitCode == 0, "\(other.run.errors)")
      #expect(other.results == reference.results)
    }

    @Test func `a table, a winner on photos that the search didn't see, and its recipe`() throws {
      let reference = try Self.reference.get()
      let rows = try reference.rows
      #expect(
        rows[0] == [
          "trial", "optimizer.learning-rate", "model.head", "epochs", "macro_f1", "state",
        ])
      #expect(rows.dropFirst().map { $0[0] } == (0..<6).map(String.init))
      #expect(rows[1][3] == "4" && rows[1][5] == "finished")
      let epochs = rows.dropFirst(2).compactMap { Int($0[3]) }
      #expect(epochs.contains(4) && epochs.contains(1))
      let result = try reference.json("result.json")
      let winner = try #require(result["winner"] as? Int)
      let top = rows.dropFirst().filter { $0[3] == "4" }
      let best = top.compactMap { Double($0[4]) }.max()
      #expect(Double(rows[winner + 1][4]) == best)
      // The winner's and trial 0's scores are what evaluate says of them.
      let test = try #require(result["test"] as? [String: Any])
      for (name, trial) in [("winner", winner), ("recipe", 0)] {
        let scored = try tutti([
          "evaluate", "--model", reference.trial(trial), "--split", "test", "--json",
        ])
        let document = try JSONSerialization.jsonObject(with: Data(scored.output.utf8))
        let own = try #require(document as? [String: Any])
        let told = try #require(test[name] as? [String: Any])
        #expect(own["macro_f1"] as? Double == told["macro_f1"] as? Double)
        #expect(own["photos"] as? Int == 17)
      }
      #expect(reference.run.output.contains("chosen as the best of 6: too good"))
      // The best recipe alone gives the winner's weights.
      let again = try Scratch.path("again")
      let run = try tutti([
        "train", "--recipe", "\(reference.folder.path)/best.yaml", "--run", again,
      ])
      #expect(run.exitCode == 0, "\(run.errors)")
      let own = RunFiles(reference.trial(winner))
      let last = try #require(own.checkpoints.last)
      #expect(
        try RunFiles(again).contents(ofCheckpoint: last)["model.safetensors"]
          == own.contents(ofCheckpoint: last)["model.safetensors"])
    }

    @Test func `kill -9, then other ranks`() throws {
      let folder = RunFiles(try Scratch.path("tune"))
      let second = RunFiles("\(folder.path)/trials/trial-002")
      var isKilled = false
      let run = try tutti(Search.options(folder.path), ranks: 2) { running in
        if !isKilled, second.stepsTaken >= 2, let victim = running.ranks.last {
          Glibc.kill(victim, SIGKILL)
          isKilled = true
        }
      }
      #expect(isKilled && run.exitCode != 0)
      let resumed = try tutti(Search.options(folder.path), ranks: 3)
      #expect(resumed.exitCode == 0, "\(resumed.errors)")
      #expect(Search.results(in: folder) == (try Self.reference.get().results))
    }

    @Test func `SIGTERM, then on to more trials`() throws {
      let folder = RunFiles(try Scratch.path("tune"))
      let first = RunFiles("\(folder.path)/trials/trial-001")
      var isAsked = false
      let run = try tutti(Search.options(folder.path, trials: 4)) { running in
        if !isAsked, first.stepsTaken >= 2 {
          Glibc.kill(running.process, SIGTERM)
          isAsked = true
        }
      }
      #expect(run.exitCode == 75, "\(run.errors)")
      #expect(run.output.contains("--resume auto"))
      let resumed = try tutti(Search.options(folder.path), ranks: 2)
      #expect(resumed.exitCode == 0, "\(resumed.errors)")
      #expect(Search.results(in: folder) == (try Self.reference.get().results))
      let fewer = try tutti(Search.options(folder.path, trials: 4))
      #expect(fewer.exitCode == 65 && fewer.complaints[0].contains("a search can only grow"))
      let other = try tutti(Search.options(folder.path) + ["--seed", "8"])
      #expect(other.exitCode == 65)
      #expect(other.complaints[0].contains("was begun otherwise: --seed is not as then"))
    }

    @Test func `a time limit lets what runs come to its rung, and begins no more`() throws {
      let folder = RunFiles(try Scratch.path("tune"))
      let run = try tutti(Search.options(folder.path) + ["--time-limit", "0.001s"])
      #expect(run.exitCode == 75, "\(run.errors)")
      #expect(!Search.results(in: folder).keys.contains(where: Search.isRecord))
      let resumed = try tutti(Search.options(folder.path))
      #expect(resumed.exitCode == 0, "\(resumed.errors)")
      #expect(Search.results(in: folder) == (try Self.reference.get().results))
    }

    @Test func `trials that can't be trained, or come to nothing, end no search`() throws {
      let space = try Search.file(
        "space", "optimizer.learning-rate: [0.01, 100]\nmodel.image-size: [32, 1024]")
      let search = try Search(
        ranks: 2,
        [
          "--method", "grid", "--set", "training.memory-limit=600MB", "--set",
          "optimizer.weight-decay=10",
        ], space: space)
      #expect(search.run.exitCode == 0, "\(search.run.errors)")
      let states = try search.rows.dropFirst().map { $0[5] }
      #expect(states == ["finished", "finished", "failed", "failed", "failed"])
      #expect(search.run.output.contains("failed: "))
      let alone = try Search(
        ranks: nil,
        [
          "--method", "grid", "--set", "training.memory-limit=600MB", "--set",
          "optimizer.weight-decay=10",
        ], space: space)
      #expect(try alone.rows == search.rows)
    }

    @Test(arguments: [
      (
        ["--method", "grid"], 65,
        "the grid has 6 and the recipe as it is comes besides, but --trials is 6"
      ),
      (["--set", "data.test=0"], 65, "there are no test photos"),
      (["--set", "training.max-steps=3"], 65, "a search ends its trials by it"),
      (["--set", "training.label-smoothing=3"], 65, "unknown key"),
      (["--trials", "0"], 64, "--trials takes a whole number"),
      (["--parallel-trials", "2"], 65, "each trial needs one at least"),
    ])
    func `what can't be searched`(options: [String], code: Int, message: String) throws {
      let folder = try Scratch.path("tune")
      let photos = options.contains("data.test=0") ? Photos.few : try Search.photos.get()
      let run = try tutti(Search.options(folder, photos: photos) + options)
      #expect(run.exitCode == Int32(code), "\(run.errors)")
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}

/// A search of the small photos.
private struct Search {
  static let photos = Result { try Photos.folder(train: 24, validation: 30, test: 17) }

  let folder: RunFiles
  let run: WorkerRun

  init(ranks: Int?, _ more: [String] = [], space: String? = nil) throws {
    folder = RunFiles(try Scratch.path("tune"))
    run = try tutti(Self.options(folder.path, space: space) + more, ranks: ranks)
  }

  static func file(_ name: String, _ text: String) throws -> String {
    let path = try Scratch.path(name) + ".yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  static let recipe = Result {
    try file(
      "recipe",
      """
      model: {name: cifar-resnet8, image-size: 32}
      training: {threads: 1, epochs: 4, global-batch: 8, micro-batch: 2}
      checkpoint: {every-steps: 2}
      """)
  }

  static let space = Result {
    try file(
      "space",
      "optimizer.learning-rate: {log: [1e-4, 1e-1]}\nmodel.head: [plain, regularised]\n")
  }

  static func options(
    _ folder: String, trials: Int = 6, space: String? = nil, photos: String? = nil
  ) throws -> [String] {
    [
      "tune", try photos ?? Self.photos.get(), "--recipe", try recipe.get(), "--search",
      try space ?? Self.space.get(), "--trials", "\(trials)", "--seed", "7", "--run", folder,
      "--resume", "auto",
    ]
  }

  /// The files of results, byte for byte.
  static func results(in folder: RunFiles) -> [String: Data] {
    let names = ["trials.csv", "result.json", "best.yaml", "tune.json"]
    return
      (try? folder.contents().filter { name, _ in
        names.contains(name) || isRecord(name)
      }) ?? [:]
  }

  /// `trials/trial-007.json`.
  static func isRecord(_ name: String) -> Bool {
    name.hasSuffix(".json") && name.split(separator: "/").count == 2
  }

  var results: [String: Data] { Self.results(in: folder) }

  func trial(_ number: Int) -> String { "\(folder.path)/trials/trial-00\(number)" }

  func json(_ file: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(file)"))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  var rows: [[String]] {
    get throws {
      try String(contentsOfFile: "\(folder.path)/trials.csv", encoding: .utf8)
        .split(separator: "\n").map {
          $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }
  }
}
