import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  @Suite struct LRFindTests {
    private static let settings =
      Photos.settings + [
        "training.global-batch=16", "training.micro-batch=4", "mixing.mixup=0.4",
        "model.dropout=0.2",
      ]

    private func find(
      _ photos: String, _ options: [String] = [], _ settings: [String] = settings,
      ranks: Int? = nil
    ) throws -> WorkerRun {
      try tutti(["lr-find", "--data", photos] + options + set(settings), ranks: ranks)
    }

    /// What `--json` prints.
    private func found(_ run: WorkerRun) throws -> [String: Any] {
      #expect(run.exitCode == 0, "\(run.errors)")
      return try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    private func losses(_ found: [String: Any]) -> [Double] {
      (found["points"] as? [[String: Any]])?.compactMap { $0["loss"] as? Double } ?? []
    }

    @Test func `the same bits at any number of ranks, and no trace beside a run`() throws {
      let reference = try Reference.made.get()
      let before = try reference.files.contents()
      let folder = try Scratch.path("svg")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let runs = try [nil, 2, 3, 4].map { ranks in
        let svg = "\(folder)/\(ranks ?? 1).svg"
        let run = try find(reference.photos, ["--json", "--svg", svg], ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        return (output: run.output, svg: try Data(contentsOf: URL(fileURLWithPath: svg)))
      }
      for run in runs { #expect(run.output == runs[0].output && run.svg == runs[0].svg) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 4)
      #expect(try reference.files.contents() == before)

      let found = try #require(
        JSONSerialization.jsonObject(with: Data(runs[0].output.utf8)) as? [String: Any])
      let points = try #require(found["points"] as? [[String: Any]])
      let rates = points.compactMap { $0["learning_rate"] as? Double }
      #expect(rates.first == 1e-7 && (50...100).contains(rates.count))
      #expect(zip(rates, rates.dropFirst()).allSatisfy { $1 > 1.2 * $0 && $1 < 1.21 * $0 })
      let valley = try #require(found["valley"] as? Double)
      #expect(rates.contains(valley) && rates.contains(found["steepest"] as? Double ?? 0))
      let svg = String(decoding: runs[0].svg, as: UTF8.self)
      #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n") && !svg.contains("nan"))
      #expect(svg.components(separatedBy: "<circle").count == points.count + 1)
      #expect(svg.contains(">valley ") && svg.contains(">steepest "))
    }

    @Test func `its steps are those of a training at that rate`() throws {
      // A sweep that is hardly one, against a constant rate.
      let files = RunFiles(try Scratch.path("run"))
      let photos = try Photos.folder(train: 40)
      let run = try tutti(
        ["train", "--data", photos, "--run", files.path]
          + set(
            Self.settings + [
              "optimizer.learning-rate=0.001", "schedule.name=constant", "training.epochs=7",
              "training.max-steps=20",
            ]))
      #expect(run.exitCode == 0, "\(run.errors)")
      let test = try find(
        photos, ["--json", "--from", "0.001", "--to", "0.001000001", "--steps", "20"])
      let found = try found(test)
      #expect(found["end"] as? String == "all steps")
      let losses = losses(found)
      let expected = try files.metrics().filter { $0["kind"] as? String == "step" }
        .compactMap { $0["loss"] as? Double }
      #expect(losses.count == 20 && expected.count == 20)
      #expect(losses.first == expected.first)
      #expect(zip(losses, expected).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func `people see a curve and what to set, and where numbers end`() throws {
      let photos = try Photos.folder(train: 40)
      let shown = try find(photos, ranks: 2)
      #expect(shown.exitCode == 0, "\(shown.errors)")
      #expect(
        shown.output.hasPrefix(
          "lr-find   cifar-resnet8, 100 steps from 1e-07 to 10, of 16 of 40 photos"))
      #expect(shown.output.contains("\nnext      --set optimizer.learning-rate="))
      #expect(shown.output.contains(" | ") && shown.output.contains("^ "))

      let diverging = try tutti(
        ["lr-find", "--data", photos, "--from", "1", "--to", "1e6"]
          + set(Self.settings + ["optimizer.weight-decay=10"]), ranks: 2)
      #expect(diverging.exitCode == 0, "\(diverging.errors)")
      #expect(
        diverging.output.contains(": the loss was four times its least\n")
          || diverging.output.contains(": the loss or a gradient was not finite any more\n"))
    }

    /// Its twenty steps are seven epochs.
    @Test func `all steps are as in the first epoch, whatever later ones change`() throws {
      let photos = try Photos.folder(train: 40)
      let options = ["--from", "1e-4", "--to", "0.1", "--steps", "20"]
      let steady =
        Self.settings.filter { !$0.hasPrefix("model.image-size") } + [
          "augment=[resize, normalize]", "fine-tuning.freeze=[body]",
        ]
      let changing =
        steady + [
          "model.image-size=32", "mixing.switch-off-epoch=2", "fine-tuning.freeze-epochs=3",
          "fine-tuning.unfreeze=[{from-epoch: 1, patterns: [layer3]}]",
          "resize-schedule=[{from-epoch: 0, size: 24}, {from-epoch: 2, size: 32}]",
        ]
      let expected = try find(photos, options + ["--json"], steady + ["model.image-size=24"])
      #expect(try losses(found(expected)).count == 20)
      let told = "\nepochs    all steps are as in the first: "
      for ranks in [1, 3] {
        let run = try find(photos, options + ["--json"], changing, ranks: ranks)
        #expect(run.output == expected.output, "\(ranks) ranks: \(run.errors)")
      }
      #expect(try find(photos, options, changing).output.contains(told))
      #expect(try !find(photos, options, steady).output.contains(told))
    }

    /// Two of three classes count nothing, so that in nearly half of the steps of two photos nothing does.
    @Test func `steps of photos without weight have no loss, and are no points`() throws {
      let photos = try Photos.folder(train: 40)
      let settings =
        Photos.settings + [
          "training.global-batch=2", "training.micro-batch=2", "loss.class-weights=given",
          "loss.class-weights-given=[{disc: 0}, {stripes: 0}]", "optimizer.learning-rate=1e-6",
          "training.epochs=1",
        ]
      let options = ["--from", "1e-7", "--to", "1e-5", "--steps", "20"]
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(["train", "--data", photos, "--run", files.path] + set(settings))
      #expect(run.exitCode == 0, "\(run.errors)")
      let steps = try files.metrics().filter { $0["kind"] as? String == "step" }
      let known = steps.compactMap { $0["loss"] as? Double }
      #expect(steps.count == 20 && (5...15).contains(known.count))
      #expect(known.allSatisfy { $0 > 0 } && steps.allSatisfy { $0["accuracy"] is Double })
      let points = try losses(found(find(photos, options + ["--json"], settings)))
      #expect(points.count == known.count && points.first == known.first)
      let shown = try find(photos, options, settings)
      #expect(shown.output.contains("\nended     after step 20: all steps were taken\n"))
    }

    /// A training that has what is suggested reaches the valley.
    @Test(arguments: [
      [
        "optimizer.scale-learning-rate=linear", "optimizer.reference-batch=4",
        "training.scale-to-ranks=false", "training.micro-batch=4",
      ],
      [
        "optimizer.scale-learning-rate=square-root", "optimizer.reference-batch=4",
        "training.scale-to-ranks=true", "training.micro-batch=8",
      ],
    ])
    func `what is suggested is what the recipe has to say, whatever scales it`(scaling: [String])
      throws
    {
      let photos = try Photos.folder(train: 40)
      let settings = Self.settings.filter { !$0.hasPrefix("training.micro-batch") } + scaling
      let grows = scaling.contains("training.scale-to-ranks=true")
      let options = ["--from", "1e-5", "--to", "1", "--steps", "40"]
      let found = try found(find(photos, options + ["--json"], settings, ranks: 3))
      let suggested = try #require(found["suggested"] as? Double)
      let valley = try #require(found["valley"] as? Double)
      let factor = grows ? (24.0 / 4).squareRoot() : 4
      #expect(abs(valley / suggested - factor) < 1e-9)

      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        ["train", "--data", photos, "--run", files.path]
          + set(
            settings + [
              "optimizer.learning-rate=\(suggested)", "schedule.name=constant",
              "training.max-steps=1",
            ]), ranks: 3)
      #expect(run.exitCode == 0, "\(run.errors)")
      let used = try #require(
        files.metrics().first { $0["kind"] as? String == "step" }?["learning_rate"] as? Double)
      #expect(abs(used / valley - 1) < 1e-9)
      let shown = try find(photos, options, settings, ranks: 3).output
      #expect(shown.contains(", which optimizer.scale-learning-rate makes the valley's\n"))
      #expect(shown.contains(grows ? "of 24 of 40 photos" : "of 16 of 40 photos"))
      #expect(shown.contains("\nbatch     grown to 24 photos a step") == grows)
    }

    @Test(arguments: [
      ["--from", "1", "--to", "0.1"], ["--steps", "3"], ["--from", "0"],
    ])
    func `ranges that are none are refused`(options: [String]) throws {
      #expect(try find(Photos.few, options).exitCode == 64)
    }

    @Test func `a file is never written over`() throws {
      let svg = try Scratch.path("there.svg")
      try Data("mine".utf8).write(to: URL(fileURLWithPath: svg))
      let run = try find(Photos.few, ["--svg", svg], ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.complaints.count == 1 && run.errors.contains("is there already; name another"))
    }
  }
}
