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
      _ photos: String, _ options: [String] = [], ranks: Int? = nil
    ) throws -> WorkerRun {
      try tutti(
        ["lr-find", "--data", photos] + options + set(Self.settings), ranks: ranks)
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
      let found = try #require(
        JSONSerialization.jsonObject(with: Data(test.output.utf8)) as? [String: Any])
      #expect(found["end"] as? String == "all steps")
      let losses = (found["points"] as? [[String: Any]])?.compactMap { $0["loss"] as? Double } ?? []
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
