import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Photos with several labels, or none, from a manifest to answers.
  @Suite struct SeveralLabelsTests {
    private static let trained = Result {
      let files = RunFiles(try Scratch.path("several"))
      let run = try tutti(
        ["train", "--data", try Pairs.made.get().manifest, "--run", files.path]
          + set(Pairs.settings)
      )
      return (files, run)
    }

    private let pairs: Pairs
    private let model: RunFiles
    private let training: WorkerRun

    init() throws {
      pairs = try Pairs.made.get()
      (model, training) = try Self.trained.get()
    }

    private func object(_ text: String) throws -> [String: Any] {
      try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func rows(_ csv: String) -> [[String]] {
      csv.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }

    @Test func `all that is drawn has the same bits on any ranks and after stops`() throws {
      let settings = [
        "mixing.mixup=0.4", "mixing.cutmix=1", "mixing.lambda=pair", "loss.class-weights=balanced",
        "loss.sum-classes=true", "data.repeats=2", "training.max-steps=4", "training.epochs=2",
        "checkpoint.every-steps=1", "model.dropout=0.3",
      ]
      func train(_ files: RunFiles, _ own: [String], ranks: Int) throws {
        let run = try tutti(
          ["train", "--data", pairs.manifest, "--run", files.path, "--resume", "auto"]
            + set(Pairs.settings.filter { !$0.hasPrefix("training.epochs") } + settings + own),
          ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
      }
      let runs = try [1, 2, 3, 4].map { ranks in
        let files = RunFiles(try Scratch.path("run"))
        if ranks == 4 { try train(files, ["training.max-steps=2"], ranks: 3) }
        try train(files, ["training.threads=\(ranks == 2 ? 2 : 1)"], ranks: ranks)
        return try files.contents(ofCheckpoint: 4)
      }
      #expect(runs[0].count == 3)
      #expect(runs.allSatisfy { $0 == runs[0] })
    }

    @Test func `what two pictures beside each other show is learned`() throws {
      #expect(training.exitCode == 0, "\(training.errors)")
      #expect(training.output.contains("mean AP "), "\(training.output)")
      #expect(training.output.contains("all, of any number of labels"))
      let alone = try tutti(["evaluate", "--model", model.path, "--json"])
      #expect(alone.exitCode == 0, "\(alone.errors)")
      for ranks in [2, 3] {
        let run = try tutti(["evaluate", "--model", model.path, "--json"], ranks: ranks)
        #expect(run.output == alone.output, "\(ranks) ranks")
      }
      let scores = try object(alone.output)
      #expect(scores["photos"] as? Int == 24)
      #expect((scores["mean_average_precision"] as? Double ?? 0) > 0.8, "\(alone.output)")
      #expect(scores["cohen_kappa"] == nil && scores["confusion_matrix"] == nil)
      let table = try tutti(["evaluate", "--model", model.path, "--worst", "3"])
      #expect(table.output.contains("label") && table.output.contains("best F1"), "\(table.output)")
    }

    @Test func `tables say what there is and what is told, and scores are those of the table`()
      throws
    {
      let file = try Scratch.path("answers.csv")
      let page = try Scratch.path("worst.html")
      let run = try tutti(
        ["evaluate", "--model", model.path, "--json", "--csv", file, "--html", page]
          + set(["evaluation.threshold=0.4", "evaluation.thresholds=[{dots: 0.7}]"]))
      #expect(run.exitCode == 0, "\(run.errors)")
      let rows = rows(try String(contentsOfFile: file, encoding: .utf8))
      #expect(rows.count == 24 && rows.allSatisfy { $0[1] == pairs.labels[$0[0]] })
      var exact = 0
      for row in rows {
        let p = row[4...].compactMap(Double.init)
        let told = zip(Pairs.classes, zip(p, [0.4, 0.7, 0.4])).filter { $0.1.0 >= $0.1.1 }
        #expect(row[2] == told.map(\.0).joined(separator: "|"))
        if row[2] == row[1] { exact += 1 }
      }
      let scores = try object(run.output)
      #expect(scores["exact_matches"] as? Int == exact)
      #expect(scores["accuracy"] as? Double == Double(exact) / 24)
      // All pictures without labels are among those that are tested.
      #expect(rows.contains { $0[1].isEmpty })
    }

    @Test func `predictions are lists of labels`() throws {
      let photos = (96..<104).map { "\(pairs.folder)/\($0).png" }
      func predict(_ more: [String], ranks: Int? = nil) throws -> WorkerRun {
        try tutti(["predict", "--model", model.path] + more + photos, ranks: ranks)
      }
      let csv = try predict(["--csv"])
      #expect(csv.exitCode == 0, "\(csv.errors)")
      #expect(try predict(["--csv"], ranks: 3).output == csv.output)
      let rows = rows(csv.output)
      for row in rows {
        let told = zip(Pairs.classes, row[2...]).filter { (Double($0.1) ?? 0) >= 0.5 }.map(\.0)
        #expect(row[1] == told.joined(separator: "|"))
      }
      let json = try predict(["--json"])
      let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
      #expect(
        list?.compactMap { ($0["predicted"] as? [String])?.joined(separator: "|") }
          == rows.map { $0[1] })
      let none = try predict(["--csv", "--set", "evaluation.threshold=1"])
      #expect(self.rows(none.output).allSatisfy { $0[1].isEmpty })
      #expect(try predict([]).output.contains("predicted"))
      let views = try predict(["--csv", "--tta", "flip", "--set", "evaluation.average=logits"])
      #expect(views.exitCode == 0 && views.output != csv.output, "\(views.errors)")
    }

    @Test func `a cross-validation has every picture once, the same for any ranks`() throws {
      func crossval(ranks: Int) throws -> RunFiles {
        let files = RunFiles(try Scratch.path("crossval"))
        let run = try tutti(
          ["crossval", "--folds", "3", "--data", pairs.manifest, "--run", files.path]
            + set(Pairs.settings + ["training.epochs=1", "evaluation.tta=flip"]), ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("mean AP") && run.output.contains("mean, plain view"))
        return files
      }
      let alone = try crossval(ranks: 1)
      let table = try String(contentsOfFile: "\(alone.path)/predictions/oof.csv", encoding: .utf8)
      let rows = rows(table)
      #expect(Set(rows.map { $0[0] }).count == 120)
      #expect(rows.allSatisfy { $0[1] == pairs.labels[$0[0]] })
      // Iterative stratification: each label in each fold alike.
      for name in Pairs.classes {
        let counts = (0..<3).map { fold in
          rows.count { $0[2] == "\(fold)" && $0[1].split(separator: "|").contains(Substring(name)) }
        }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 2, "\(name): \(counts)")
      }
      let scores = try object(
        String(contentsOfFile: "\(alone.path)/scores.json", encoding: .utf8))
      let all = try #require(scores["out_of_fold"] as? [String: Any])
      #expect(all["photos"] as? Int == 120 && all["mean_average_precision"] is Double)
      let other = try crossval(ranks: 3)
      for name in ["predictions/oof.csv", "scores.json"] {
        #expect(
          try Data(contentsOf: URL(filePath: "\(other.path)/\(name)"))
            == Data(contentsOf: URL(filePath: "\(alone.path)/\(name)")), "\(name)")
      }
      let doubts = try tutti(["data", "doubts", alone.path])
      #expect(doubts.exitCode == 65 && doubts.errors.contains("several labels"), "\(doubts.errors)")
      let ensemble = try tutti(["evaluate", "--model", alone.path, "--json"])
      #expect(ensemble.exitCode == 0, "\(ensemble.errors)")
    }

    @Test func `exported files say so and answer as the run does`() throws {
      let photos = (96..<104).map { "\(pairs.folder)/\($0).png" }
      let file = try Scratch.path("model.safetensors")
      let export = try tutti([
        "export", "--model", model.path, "--to", "safetensors", "--output", file,
      ])
      #expect(export.exitCode == 0, "\(export.errors)")
      let header = String(
        decoding: try Data(contentsOf: URL(filePath: file)).prefix(4000), as: UTF8.self)
      #expect(header.contains(#""labels":"several""#) && header.contains("[0.5,0.5,0.5]"))
      let own = try tutti(["predict", "--csv", "--model", model.path] + photos)
      let exported = try tutti(["predict", "--csv", "--model", file] + photos)
      #expect(exported.output == own.output, "\(exported.errors)")
      let onnx = try Scratch.path("model.onnx")
      for (option, isThere) in [("--probabilities", true), ("--keep-batch-norm", false)] {
        let run = try tutti(
          ["export", "--model", model.path, "--to", "onnx", "--output", onnx, "--force", option])
        #expect(run.exitCode == 0, "\(run.errors)")
        let bytes = try Data(contentsOf: URL(filePath: onnx))
        #expect((bytes.range(of: Data("Sigmoid".utf8)) != nil) == isThere)
        #expect(bytes.range(of: Data("Softmax".utf8)) == nil)
        #expect(bytes.range(of: Data("several".utf8)) != nil)
      }
    }

    @Test func `packs, splits and counts keep the labels`() throws {
      let pack = try Scratch.path("pairs.pack")
      let packed = try tutti(["data", "pack", pairs.manifest, pack, "--several-labels"])
      #expect(packed.exitCode == 0, "\(packed.errors)")
      let own = try tutti(["data", "inspect", pairs.manifest, "--several-labels"])
      #expect(
        own.output.contains("labels     1.31 a photo; 9 of 144 photos have none"), "\(own.output)")
      let ofPack = try tutti(["data", "inspect", pack])
      #expect(ofPack.output == own.output, "\(ofPack.output)")
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        ["train", "--data", pack, "--run", files.path]
          + set(Pairs.settings + ["training.max-steps=2"]))
      #expect(run.exitCode == 0, "\(run.errors)")
      let again = RunFiles(try Scratch.path("run"))
      _ = try tutti(
        ["train", "--data", pairs.manifest, "--run", again.path]
          + set(Pairs.settings + ["training.max-steps=2"]))
      #expect(
        try files.contents(ofCheckpoint: 2)["model.safetensors"]
          == again.contents(ofCheckpoint: 2)["model.safetensors"])
      let copy = pairs.folder + "/copy.csv"
      defer { try? FileManager.default.removeItem(atPath: copy) }
      let split = try tutti(
        ["data", "split", pairs.manifest, "--several-labels", "--folds", "4", "--output", copy])
      #expect(split.exitCode == 0, "\(split.errors)")
      let rows = rows(try String(contentsOfFile: copy, encoding: .utf8))
      #expect(rows.count == 144 && rows.allSatisfy { $0[1] == pairs.labels[$0[0]] })
    }

    @Test(arguments: [
      (["train", "--data", "PAIRS"], "set data.labels: several"),
      (["train", "--data", "PAIRS", "--set", "data.labels=several"], "binary-cross-entropy"),
      (["data", "inspect", "PAIRS"], "--several-labels"),
      (["evaluate", "--model", "RUN", "--reject", "0.5"], "evaluation.threshold"),
      (["predict", "--model", "RUN", "--reject", "0.5", "x.png"], "evaluation.threshold"),
      (["evaluate", "--model", "RUN", "--set", "data.labels=one"], "data.labels"),
      (
        ["evaluate", "--model", "RUN", "--set", "evaluation.thresholds=[{bar: 0.3}]"],
        "did you mean `bars`?"
      ),
      (
        ["probe", "PAIRS", "--weights", "RUN"]
          + set(Pairs.settings.filter { $0.hasPrefix("data") || $0.hasPrefix("loss") }),
        "softmax"
      ),
      (
        [
          "train", "--data", Photos.few, "--set", "data.labels=several", "--set",
          "loss.name=binary-cross-entropy",
        ], "need a manifest"
      ),
      (
        ["evaluate", "--model", "RUN", "--data", Photos.few],
        "was trained on several labels a photo; name a manifest"
      ),
    ])
    func `what can't be is told`(arguments: [String], sentence: String) throws {
      let run = try tutti(
        arguments.map { $0 == "PAIRS" ? pairs.manifest : $0 == "RUN" ? model.path : $0 })
      #expect([64, 65, 78].contains(run.exitCode), "\(run.exitCode)")
      #expect(run.errors.contains(sentence), "\(run.errors)")
      // Nothing that was said on the command line is in the run's recipe.
      #expect(!run.errors.contains("recipe.yaml:"), "\(run.errors)")
    }

    @Test func `other photos lack labels, and may have none`() throws {
      let file = try Scratch.path("answers.csv")
      let own = try tutti(["evaluate", "--model", model.path, "--json", "--csv", file])
      #expect(own.exitCode == 0, "\(own.errors)")
      // The tested photos, in another order of classes, of which `rows` was never looked for, and `dots` is in none.
      let numbers = Array((120..<144).reversed())
      var truths: [String: String] = [:]
      for number in numbers {
        let labels = (pairs.labels["\(number).png"] ?? "").split(separator: "|")
        truths["\(pairs.folder)/\(number).png"] = labels.contains("bars") ? "bars" : ""
      }
      func manifest(_ more: String = "") throws -> String {
        let path = try Scratch.path("other.csv")
        let lines = numbers.map { "\(pairs.folder)/\($0).png" }.map {
          "\($0),\(truths[$0] ?? "")\n"
        }
        try Data(("path,label\n" + lines.joined() + more).utf8).write(to: URL(filePath: path))
        return path
      }
      let other = try Scratch.path("others.csv")
      let arguments = [
        "evaluate", "--model", model.path, "--data", try manifest(), "--json",
      ]
      let run = try tutti(arguments + ["--csv", other])
      #expect(run.exitCode == 0, "\(run.errors)")
      func table(_ file: String) throws -> [String: [String]] {
        let rows = rows(try String(contentsOfFile: file, encoding: .utf8))
        return Dictionary(
          uniqueKeysWithValues: rows.map {
            ($0[0].split(separator: "/").last.map(String.init) ?? "", $0)
          })
      }
      let (first, second) = (try table(file), try table(other))
      #expect(second.count == 24 && first.keys == second.keys)
      var exact = 0
      for (name, row) in second {
        #expect(row[1] == truths["\(pairs.folder)/\(name)"])
        // What is told doesn't depend on what is there, but for the last bits of other batches.
        for (one, same) in zip(row[4...], first[name]?[4...] ?? []) {
          #expect(abs((Double(one) ?? 2) - (Double(same) ?? 4)) < 1e-5)
        }
        if row[2] == row[1] { exact += 1 }
      }
      let scores = try object(run.output)
      #expect(scores["photos"] as? Int == 24 && scores["exact_matches"] as? Int == exact)
      let matrices = try #require(scores["multilabel_confusion_matrix"] as? [[[Int]]])
      let positives = matrices.map { $0[1].reduce(0, +) }
      #expect(positives == [truths.values.count { $0 == "bars" }, 0, 0] && positives[0] > 0)
      #expect(try tutti(arguments, ranks: 3).output == run.output)

      let stray = "\(pairs.folder)/0.png,bars|stars\n"
      let unknown = try tutti([
        "evaluate", "--model", model.path, "--data", try manifest(stray),
      ])
      #expect(unknown.exitCode == 65)
      #expect(unknown.errors.contains("doesn't know the class stars"), "\(unknown.errors)")
    }

    /// timm's loss of one label: a recipe of its own, asked as any other.
    @Test func `one label a photo trains by sigmoids, too`() throws {
      let photos = try Photos.folder(train: 48)
      let runs = try [1, 3].map { ranks in
        let files = RunFiles(try Scratch.path("run"))
        let run = try tutti(
          ["train", "--data", photos, "--run", files.path]
            + set(
              Photos.settings + [
                "loss.name=binary-cross-entropy", "loss.class-weights=square-root",
                "mixing.mixup=0.4", "training.epochs=2", "training.global-batch=16",
                "training.micro-batch=4",
              ]), ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        return try files.contents(ofCheckpoint: 6)
      }
      #expect(runs[0].count == 3 && runs[1] == runs[0])
    }
  }
}
