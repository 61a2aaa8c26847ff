import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Folds come out the same for any number of ranks and teams, and after any crash.
  @Suite struct CrossvalTests {
    /// Five folds on one rank, never interrupted.
    private static let reference = Result { try Crossval(ranks: nil) }

    @Test(arguments: [(2, "1"), (2, "2"), (3, "2"), (4, "2"), (4, "auto")])
    func `the same weights, predictions and scores, on ranks in teams`(
      ranks: Int, teams: String
    ) throws {
      let reference = try Self.reference.get()
      #expect(reference.run.exitCode == 0, "\(reference.run.errors)")
      #expect(reference.results.count == 2 + 5 * 2)
      let other = try Crossval(ranks: ranks, ["--parallel-folds", teams])
      #expect(other.run.exitCode == 0, "\(other.run.errors)")
      #expect(other.results == reference.results)
      #expect(try other.weights == reference.weights)
      if teams != "auto" { #expect(other.run.output.contains("teams     \(teams) × ")) }
    }

    @Test
    func `each photo but the test photos is predicted once, by the fold that left it out`() throws {
      let crossval = try Self.reference.get()
      let rows = try crossval.rows("predictions/oof.csv")
      #expect(
        rows[0] == ["path", "label", "fold", "predicted", "p_cross", "p_disc", "p_stripes"])
      let paths = rows.dropFirst().map { $0[0] }
      #expect(paths.count == 24 && Set(paths).count == 24)
      #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      #expect(rows.dropFirst().allSatisfy { $0[0].hasPrefix("\($0[1])/") })
      for fold in 0..<5 {
        let own = try crossval.rows("folds/fold-\(fold)/predictions/held-out.csv").dropFirst()
        #expect(own.map { $0[0] } == rows.filter { $0[2] == "\(fold)" }.map { $0[0] })
        #expect((4...5).contains(own.count))
      }
      for row in rows.dropFirst() {
        let probabilities = row[4...].compactMap(Double.init)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
        let largest = try #require(probabilities.max())
        let best = try #require(probabilities.firstIndex(of: largest))
        #expect(Photos.classes[best] == row[3])
      }
      let hits = rows.dropFirst().count { $0[1] == $0[3] }
      let scores = try crossval.scores()
      let together = try #require(scores["out_of_fold"] as? [String: Any])
      #expect(together["photos"] as? Int == 24)
      #expect(together["accuracy"] as? Double == Double(hits) / 24)
    }

    @Test func `mean and standard deviation with n − 1`() throws {
      let scores = try Self.reference.get().scores()
      let folds = try #require(scores["folds"] as? [[String: Any]])
      let values = folds.compactMap { ($0["scores"] as? [String: Any])?["macro_f1"] as? Double }
      #expect(values.count == 5 && Set(values).count > 1)
      let mean = values.reduce(0, +) / 5
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
      let spread = try #require(scores["macro_f1"] as? [String: Any])
      #expect(abs(try #require(spread["mean"] as? Double) - mean) < 1e-12)
      let deviation = try #require(spread["standard_deviation"] as? Double)
      #expect(abs(deviation - variance.squareRoot()) < 1e-12)
    }

    @Test(arguments: [(ranks: 2, teams: "1", next: 3), (ranks: 2, teams: "2", next: 1)])
    func `kill -9 in the third fold; other ranks and teams finish with the same bytes`(
      ranks: Int, teams: String, next: Int
    ) throws {
      let reference = try Self.reference.get()
      let folder = RunFiles(try Scratch.path("crossval"))
      let third = RunFiles("\(folder.path)/folds/fold-2")
      var isKilled = false
      let run = try tutti(
        Crossval.options(folder.path, ["--parallel-folds", teams]), ranks: ranks
      ) { running in
        if !isKilled, third.stepsTaken >= 3, let victim = running.ranks.last {
          Glibc.kill(victim, SIGKILL)
          isKilled = true
        }
      }
      #expect(isKilled && run.exitCode != 0 && run.exitCode != 124)
      #expect(run.complaints.count == 1)
      let second = try Crossval(ranks: next, in: folder)
      #expect(second.run.exitCode == 0, "\(second.run.errors)")
      #expect(second.run.output.contains(" of 5 folds are done\n"))
      #expect(!second.run.output.contains("; 0 of 5 folds are done\n"))
      #expect(second.results == reference.results)
      #expect(try second.weights == reference.weights)
    }

    @Test func `SIGUSR1 stops all teams after a checkpoint, and says how to go on`() throws {
      let reference = try Self.reference.get()
      let folder = RunFiles(try Scratch.path("crossval"))
      let first = RunFiles("\(folder.path)/folds/fold-0")
      var isAsked = false
      let run = try tutti(
        Crossval.options(folder.path, ["--parallel-folds", "2"]), ranks: 2
      ) { running in
        if !isAsked, first.stepsTaken >= 2 {
          Glibc.kill(running.process, SIGUSR1)
          isAsked = true
        }
      }
      #expect(run.exitCode == 75, "\(run.errors)")
      #expect(run.output.contains("of 5 folds are done; go on with the same command"))
      let second = try Crossval(ranks: 2, ["--parallel-folds", "1"], in: folder)
      #expect(second.run.exitCode == 0, "\(second.run.errors)")
      #expect(second.results == reference.results)
    }

    @Test
    func `more steps for finished folds: a stop leaves no mixture of old and new results`() throws {
      let folder = RunFiles(try Scratch.path("crossval"))
      let short = set(["training.max-steps=1"])
      #expect(try Crossval(ranks: nil, short, in: folder).run.exitCode == 0)
      let first = RunFiles("\(folder.path)/folds/fold-0")
      var isAsked = false
      let whole = set(["training.max-steps=none"])
      let run = try tutti(Crossval.options(folder.path, whole)) { running in
        if !isAsked, first.stepsTaken >= 2 {
          Glibc.kill(running.process, SIGUSR1)
          isAsked = true
        }
      }
      #expect(run.exitCode == 75, "\(run.errors)")
      // With more ranks than a fold has micro-batches, four.
      let second = try Crossval(ranks: 6, whole, in: folder)
      #expect(second.run.exitCode == 0, "\(second.run.errors)")
      #expect(second.results == (try Self.reference.get()).results)
      let less = try Crossval(ranks: nil, short, in: folder).run
      #expect(less.exitCode == 65)
      #expect(less.complaints.first?.contains("the recipe now ends at 1") == true)
    }

    @Test
    func `a bad photo in one team ends all, and the line names fold, rank and photo`() throws {
      let photos = try Photos.folder(train: 40)
      let victim = "\(photos)/train/disc/1.jpg"
      let whole = try Data(contentsOf: URL(fileURLWithPath: victim))
      try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: victim))
      let crossval = try Crossval(ranks: 2, ["--parallel-folds", "2"], photos: photos)
      #expect(crossval.run.exitCode == 65)
      let line = try #require(crossval.run.complaints.first)
      #expect(line.contains(", fold ") && line.contains("disc/1.jpg"))
    }

    @Test func `weights that have seen the folds' photos are refused`() throws {
      let run = try Scratch.path("run")
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", run]
          + set(Crossval.settings + ["training.max-steps=1"]))
      #expect(trained.exitCode == 0)
      let crossval = try Crossval(ranks: nil, set(["model.weights=\(run)"]))
      #expect(crossval.run.exitCode == 65)
      #expect(
        crossval.run.complaints.first?.contains("it has seen what the folds hold out") == true)
    }

    @Test func `select: last sets no photo apart`() throws {
      let crossval = try Crossval(ranks: 2, set(["crossval.select=last"]))
      #expect(crossval.run.exitCode == 0, "\(crossval.run.errors)")
      let run = RunFiles("\(crossval.folder.path)/folds/fold-0")
      let last = try #require(run.checkpoints.last)
      let state = try run.state(ofCheckpoint: last)
      #expect(try run.best(inCheckpoint: last) == nil)
      // 24 photos, of which the fold holds out five; six epochs.
      #expect(state["samples_seen"] as? Int == 19 * 6)
      #expect(try run.metrics().allSatisfy { $0["validation"] == nil })
    }

    @Test func `groups never cross folds, by any column`() throws {
      let manifest = try Scratch.path("photos") + ".csv"
      var text = "path,label,person\n"
      for name in Photos.classes {
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(Photos.few)/\(name)")
        for (index, file) in files.sorted().enumerated() {
          text += "\(Photos.few)/\(name)/\(file),\(name),p\(index % 6)\n"
        }
      }
      try text.write(toFile: manifest, atomically: true, encoding: .utf8)
      let crossval = try Crossval(
        ranks: nil,
        ["--group-by", "person"] + set(["training.max-steps=1", "crossval.validation=0.3"]),
        photos: manifest,
        folds: 3)
      #expect(crossval.run.exitCode == 0, "\(crossval.run.errors)")
      let people = Dictionary(
        uniqueKeysWithValues: text.split(separator: "\n").dropFirst().map { line in
          let fields = line.split(separator: ",").map(String.init)
          return (fields[0], fields[2])
        })
      var folds: [String: Set<String>] = [:]
      for row in try crossval.rows("predictions/oof.csv").dropFirst() {
        folds[try #require(people[row[0]]), default: []].insert(row[2])
      }
      #expect(folds.count >= 3)
      #expect(folds.values.allSatisfy { $0.count == 1 })
    }

    @Test(arguments: [
      (["--parallel-folds", "3"], 65, "--parallel-folds 3: there are 2 ranks"),
      (["--folds", "9"], 65, "class cross has 7 photos for 9 folds"),
      (set(["crossval.fold=7", "crossval.folds=5"]), 65, "`crossval.fold` 7 is not one of 5"),
      (
        ["--folds", "5"] + set(["crossval.validation=0.01"]), 65,
        "a share of 0.01 of 19 training photos comes to none"
      ),
      (set(["model.weights=nothing"]), 65, "nothing is not there"),
    ])
    func `what can't go on`(options: [String], code: Int, message: String) throws {
      let folder = try Scratch.path("crossval")
      let run = try tutti(
        ["crossval", "--data", Photos.few, "--run", folder] + set(Crossval.settings) + options,
        ranks: 2)
      #expect(run.exitCode == Int32(code))
      #expect(run.complaints.count == 1 && run.complaints[0].contains(message), "\(run.errors)")
    }

    @Test func `another recipe, or other photos, don't go on`() throws {
      let reference = try Self.reference.get()
      let before = try reference.folder.contents()
      let path = reference.folder.path
      let recipe = try tutti(Crossval.options(path, set(["training.epochs=7"])))
      #expect(recipe.exitCode == 65)
      #expect(recipe.complaints.first?.contains("training.epochs was 6, is 7") == true)
      let photos = try Photos.folder(train: 60)
      let data = try tutti(Crossval.options(path, photos: photos))
      #expect(data.exitCode == 65)
      #expect(data.complaints.first?.contains("the photos are not those") == true)
      let again = try tutti(["train", "--run", path, "--resume", "auto"])
      #expect(again.exitCode == 65)
      #expect(again.complaints.first?.contains("is a cross-validation") == true)
      #expect(try reference.folder.contents() == before)
    }
  }
}
