import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// A manifest with weights and votes, from its lines to the trained weights.
  @Suite struct SoftLabelTests {
    /// 60 photos in three classes with weights and, but for each fourth, votes; some of these are for
    /// another class than the photo's label. 12 of them validate.
    private let manifest: String
    private let plain: String

    init() throws {
      let photos = try Photos.folder(train: 48, validation: 12, test: 0)
      (manifest, plain) = ("\(photos)/votes.csv", "\(photos)/plain.csv")
      var text = "path,label,split,weight,p_stripes,p_cross,p_disc\n"
      var plainText = "path,label,split\n"
      for (split, count) in [("train", 48), ("validation", 12)] {
        for number in 0..<count {
          let label = number % 3
          let path = "\(split)/\(Photos.classes[label])/\(number).jpg"
          var votes = [1, 0, number % 5]
          votes[(label + 1) % 3] += number % 3
          let fields = number % 4 == 0 ? ["", "", ""] : votes.map(String.init)
          let line = "\(path),\(Photos.classes[label]),\(split)"
          text += "\(line),\(Double(number % 7) / 2),\(fields.joined(separator: ","))\n"
          plainText += line + "\n"
        }
      }
      try Data(text.utf8).write(to: URL(filePath: manifest))
      try Data(plainText.utf8).write(to: URL(filePath: plain))
    }

    private func trained(
      _ data: String, ranks: Int? = nil, _ settings: [String] = []
    ) throws -> [String: Data] {
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        ["train", "--data", data, "--run", files.path]
          + set(
            Photos.settings + [
              "training.epochs=2", "training.global-batch=16", "training.micro-batch=4",
            ] + settings), ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      return try files.contents(ofCheckpoint: 6)
    }

    @Test(arguments: [[], ["mixing.mixup=0.4", "mixing.cutmix=1", "mixing.lambda=pair"]])
    func `a training has the same bits on any ranks, and others than without`(
      mixing: [String]
    ) throws {
      let alone = try trained(manifest, mixing)
      #expect(alone.count == 3)
      for ranks in [2, 3] { #expect(try trained(manifest, ranks: ranks, mixing) == alone) }
      let model = "model.safetensors"
      #expect(try trained(plain, mixing)[model] != alone[model])
    }

    @Test func `inspect tells of them, and split keeps them`() throws {
      let found = try tutti(["data", "inspect", manifest], ranks: 2)
      #expect(found.exitCode == 0, "\(found.errors)")
      #expect(found.output.contains("weights    from 0 to 3\n"), "\(found.output)")
      #expect(found.output.contains(" photos have votes of several classes"))
      let json = try tutti(["data", "inspect", manifest, "--json"]).output
      let summary = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let weights = summary?["weights"] as? [String: Double]
      #expect(weights == ["smallest": 0, "largest": 3])
      #expect((summary?["soft"] as? Int).map { $0 > 20 && $0 <= 45 } == true)

      let copy = (manifest as NSString).deletingLastPathComponent + "/copy.csv"
      let split = try tutti(["data", "split", manifest, "--output", copy])
      #expect(split.exitCode == 0, "\(split.errors)")
      let text = try String(contentsOfFile: copy, encoding: .utf8)
      #expect(text.hasPrefix("path,label,split,weight,p_cross,p_disc,p_stripes\n"))
      #expect(try trained(copy)["model.safetensors"] == trained(manifest)["model.safetensors"])

      let none = try tutti(["data", "inspect", plain])
      #expect(!none.output.contains("weights ") && !none.output.contains("soft "))
    }

    @Test func `probes take them, with the same bits on any ranks`() throws {
      let weights = try Scratch.path("weights.safetensors")
      try trained(plain)["model.safetensors"]?.write(to: URL(filePath: weights))
      func probed(_ data: String, ranks: Int? = nil) throws -> [String: Data] {
        let run = RunFiles(try Scratch.path("probe"))
        let probe = try tutti(
          [
            "probe", data, "--weights", weights, "--run", run.path, "--folds", "3", "--cache",
            try Scratch.path("cache"),
          ] + set(["training.threads=1", "training.epochs=2", "training.micro-batch=8"]),
          ranks: ranks)
        #expect(probe.exitCode == 0, "\(probe.errors)")
        return try run.results
      }
      let alone = try probed(manifest)
      #expect(try probed(manifest, ranks: 3) == alone)
      let others = try probed(plain)
      for table in ["oof.csv", "oof-regularised.csv"] {
        let key = try #require(alone.keys.first { $0.hasSuffix(table) })
        #expect(others[key] != alone[key])
      }
    }
  }
}
