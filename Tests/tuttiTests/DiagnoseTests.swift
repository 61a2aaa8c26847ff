import Foundation
import Images
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Trainings that were made to be ill, and one that is healthy.
  @Suite struct DiagnoseTests {
    private static let settings =
      Photos.settings + [
        "training.epochs=10", "training.global-batch=16", "training.micro-batch=16",
        "schedule.warmup=10%",
      ]

    struct Document: Decodable {
      struct Finding: Decodable {
        struct Change: Decodable { let set, command, advice: String? }
        let name, severity: String
        let changes: [Change]
        let folds: [Int]?
      }
      let isHealthy: Bool
      let findings: [Finding]
      let folds: Int?

      enum CodingKeys: String, CodingKey {
        case findings, folds
        case isHealthy = "is_healthy"
      }
    }

    private func train(_ photos: String, _ changes: [String] = []) throws -> String {
      let run = try Scratch.path("run")
      let result = try tutti(
        ["train", "--data", photos, "--run", run] + set(Self.settings + changes))
      try #require(result.exitCode == 0, "\(result.errors)")
      return run
    }

    private func diagnose(_ run: String) throws -> Document {
      let result = try tutti(["diagnose", run, "--json"])
      try #require(result.exitCode == 0, "\(result.errors)")
      return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    }

    /// What is found first, once all that is found is said in words as well.
    private func illness(of run: String) throws -> String? {
      let document = try diagnose(run)
      let text = try tutti(["diagnose", run]).output
      for finding in document.findings {
        #expect(text.contains("\(finding.name) (\(finding.severity))"), "\(text)")
        #expect(!finding.changes.isEmpty)
      }
      #expect(document.isHealthy == document.findings.isEmpty)
      #expect(text.contains("healthy") == document.isHealthy)
      return document.findings.first?.name
    }

    static let photos = Result { try Photos.folder(train: 120, validation: 60) }

    @Test func `a healthy training gets no alarm`() throws {
      let run = try train(Self.photos.get())
      #expect(try illness(of: run) == nil)
      let lines = try tutti(["diagnose", run]).lines
      #expect(lines.count == 1 && lines[0].contains("80 steps and 10 epochs"), "\(lines)")
      #expect(try illness(of: "\(run)@last") == nil)
    }

    @Test(arguments: [
      (["optimizer.learning-rate=0.5"], "learning-rate-too-high"),
      (["optimizer.learning-rate=5e-6"], "learning-rate-too-low"),
    ])
    func `a learning rate that is far off is found first`(
      changes: [String], illness name: String
    ) throws {
      #expect(try illness(of: train(Self.photos.get(), changes)) == name)
    }

    @Test func `shuffled labels are found first`() throws {
      let photos = try Photos.folder(train: 0, validation: 0, test: 3)
      let (sorted, files) = (try Self.photos.get(), FileManager.default)
      var random = SplitMix(state: 5)
      for split in ["train", "validation"] {
        for name in Photos.classes {
          for file in try files.contentsOfDirectory(atPath: "\(sorted)/\(split)/\(name)").sorted() {
            let label = Photos.classes[Int.random(in: 0..<3, using: &random)]
            try files.copyItem(
              atPath: "\(sorted)/\(split)/\(name)/\(file)",
              toPath: "\(photos)/\(split)/\(label)/\(file)")
          }
        }
      }
      #expect(try illness(of: train(photos)) == "meaningless-labels")
    }

    @Test func `thirty photos are too few to tell`() throws {
      #expect(try illness(of: train(Photos.few)) == "too-little-validation")
    }

    @Test func `a class of eight photos is found first`() throws {
      let photos = try Scratch.copy(of: Self.photos.get())
      let folder = "\(photos)/train/cross"
      for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted().dropFirst(8)
      {
        try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
      }
      let run = try train(photos)
      #expect(try illness(of: run) == "few-photos-of-class")
      #expect(try tutti(["diagnose", run]).output.contains("cross has 8 photos"))
    }

    /// Of three micro-batches a step, one rank has two.
    @Test
    func
      `ranks with unequal work say how long they wait for each other, and what memory they have`()
      throws
    {
      let run = RunFiles(try Scratch.path("run"))
      let result = try tutti(
        ["train", "--data", try Self.photos.get(), "--run", run.path]
          + set(Self.settings + ["training.epochs=4", "training.global-batch=48"]), ranks: 2)
      try #require(result.exitCode == 0, "\(result.errors)")
      let metrics = try run.metrics()
      #expect(metrics[0]["kind"] as? String == "start" && metrics[0]["ranks"] as? Int == 2)
      let epochs = metrics.filter { $0["kind"] as? String == "epoch" }
      func sum(_ key: String) -> Double { epochs.reduce(0) { $0 + ($1[key] as? Double ?? -9) } }
      #expect(sum("exchange_share") > 0 && sum("exchange_share") < 4)
      #expect(sum("waited_for_ranks_share") > 0.2, "\(epochs)")
      let (limit, left) = (sum("memory_limit"), sum("memory_left"))
      #expect(left > 0 && left < limit && sum("resident_bytes") > 4e6)
    }

    @Test func `photos that load slowly are found first`() throws {
      let photos = try Scratch.copy(of: Self.photos.get())
      let image = Image(
        height: 3200, width: 3200, channels: 3,
        pixels: (0..<(3 * 3200 * 3200)).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
      let slow = Data(try image.png())
      for name in Photos.classes {
        let folder = "\(photos)/train/\(name)"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for file in files.prefix(4) { try slow.write(to: URL(filePath: "\(folder)/\(file)")) }
      }
      let run = try train(photos, ["data.loader-threads=1", "training.epochs=6"])
      #expect(try illness(of: run) == "waiting-for-photos")
      #expect(try tutti(["diagnose", run]).output.contains("--set data.loader-threads=auto"))
    }
  }
}
