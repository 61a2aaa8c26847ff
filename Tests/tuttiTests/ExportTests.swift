import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Trained models as files for other programs; what these make of them is for
  /// `Tests/Golden/check_onnx.py` to see.
  @Suite struct ExportTests {
    let runs: [String]

    init() throws { runs = try Members.made.get().paths }

    private func export(
      _ models: [String], to format: String, _ file: String, _ options: String...,
      ranks: Int? = nil
    ) throws -> WorkerRun {
      try tutti(
        ["export", "--model"] + models + ["--to", format, "--output", file] + options, ranks: ranks)
    }

    private func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(filePath: file)) }

    @Test(arguments: ["onnx", "safetensors", "torch"])
    func `the same bytes for any number of ranks`(_ format: String) throws {
      let files = try [nil, 1, 3].map { ranks in
        let file = try Scratch.path("model")
        let run = try export([runs[0]], to: format, file, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("\(file): \(runs[0])/checkpoints/step-"))
        #expect(run.lines.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder(of: file)) == ["model"])
        return try bytes(file)
      }
      #expect(files[0].count > 300_000 && files[1] == files[0] && files[2] == files[0])
    }

    @Test func `a safetensors file says what its checkpoint's weights are for`() throws {
      let file = try Scratch.path("model.safetensors")
      let run = try export(["\(runs[0])@last"], to: "safetensors", file)
      #expect(run.exitCode == 0, "\(run.errors)")
      let checkpoint = RunFiles(runs[0]).checkpoint(24) + "/model.safetensors"
      let (written, trained) = (try bytes(file), try bytes(checkpoint))
      func split(_ data: Data) throws -> (header: [String: Any], numbers: Data) {
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
        return (header as? [String: Any] ?? [:], data.dropFirst(8 + length))
      }
      var (header, numbers) = try split(written)
      let told = header.removeValue(forKey: "__metadata__") as? [String: String]
      #expect(
        told == [
          "format": "pt", "architecture": "cifar-resnet8", "head": "plain",
          "classes": "[\"cross\",\"disc\",\"stripes\"]", "input_size": "[3, 32, 32]",
          "interpolation": "bilinear", "crop_mode": "squash", "crop_pct": "1.0",
          "mean": "[0.485, 0.456, 0.406]", "std": "[0.229, 0.224, 0.225]",
        ])
      let original = try split(trained)
      #expect(header as NSDictionary == original.header as NSDictionary)
      #expect(numbers == original.numbers)
    }

    /// Of another size, interpolation, crop, constants and head than any file's usual ones.
    @Test(arguments: ["safetensors", "torch"])
    func `what was exported answers as the run does`(_ format: String) throws {
      let run = try Members.train(
        on: Members.made.get().photos,
        [
          "training.max-steps=2", "model.image-size=24", "model.head=regularised",
          "augment=[{resize: {interpolation: bicubic, crop: 0.8}}, {normalize: {mean: [0.4, 0.3, 0.2], std: [0.3, 0.25, 0.2]}}]",
        ])
      let file = try Scratch.path("model")
      #expect(try export([run.path], to: format, file).exitCode == 0)
      let (own, exported) = (
        try tutti(["predict", "--csv", "--model", run.path, Photos.few]),
        try tutti(
          ["predict", "--csv", "--model", file, Photos.few, "--set", "evaluation.micro-batch=8"],
          ranks: 2)
      )
      #expect(exported.exitCode == 0, "\(exported.errors)")
      #expect(exported.output == own.output)
      #expect(exported.output.hasPrefix("path,predicted,p_cross,p_disc,p_stripes\n"))
      #expect(
        exported.complaints.first?.hasPrefix(
          "tutti: \(file) is taken for cifar-resnet8, with 3 classes, for photos of 24 pixels: mean "
            + "[0.4, 0.3, 0.2], std [0.3, 0.25, 0.2], bicubic, crop 0.8") == true)
      // A training from it knows how its photos were prepared, and whose classes its head has.
      let next = try Scratch.path("next")
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", next]
          + set(
            Members.settings + [
              "training.max-steps=1", "model.head=regularised", "model.weights=\(file)",
            ]))
      #expect(trained.exitCode == 0, "\(trained.errors)")
      #expect(trained.output.contains("head: kept, with its 3 classes\n"))
      #expect(
        (trained.output + trained.errors).contains(
          "the weights were trained with photos of 24 pixels, and model.image-size is 32"))
    }

    @Test func `a file that is there is left alone, unless told otherwise`() throws {
      let file = try Scratch.path("model.onnx")
      try Data("mine".utf8).write(to: URL(filePath: file))
      let refused = try export([runs[0]], to: "onnx", file)
      #expect(refused.exitCode == 65)
      #expect(
        refused.complaints == [
          "tutti: \(file) exists already; name another file with --output, or add --force to "
            + "replace it"
        ])
      #expect(try bytes(file) == Data("mine".utf8))
      #expect(try export([runs[0]], to: "onnx", file, "--force").exitCode == 0)
      #expect(try bytes(file).count > 300_000)
    }

    @Test func `several models make one ONNX file, with an input for each kind of images`() throws {
      let file = try Scratch.path("ensemble.onnx")
      let both = try export([runs[0], runs[2]], to: "onnx", file)
      #expect(both.exitCode == 0, "\(both.errors)")
      let single = try Scratch.path("single.onnx")
      #expect(try export([runs[2]], to: "onnx", single, "--softmax").exitCode == 0)
      #expect(try bytes(file).count > bytes(single).count + 300_000)
      #expect(try bytes(file).range(of: Data("input1".utf8)) == nil)

      let mixed = try export([runs[0], runs[1]], to: "onnx", file, "--force")
      #expect(mixed.exitCode == 0, "\(mixed.errors)")
      for text in ["input1", "input2", "inputs", "[3, 24, 24]"] {
        #expect(try bytes(file).range(of: Data(text.utf8)) != nil, "\(text)")
      }

      let weights = try export([runs[0], runs[2]], to: "torch", try Scratch.path("both.pt"))
      #expect(weights.exitCode == 65)
      #expect(
        weights.complaints.first?.contains("holds the weights of one model, and these are 2")
          == true)
    }

    @Test func `what can't be written leaves nothing behind`() throws {
      let folder = try folder(of: Scratch.path("model.onnx"))
      let missing = try export([runs[0]], to: "onnx", "\(folder)/none/model.onnx")
      #expect(missing.exitCode == 65)
      #expect(missing.complaints.count == 1)
      #expect(
        missing.complaints.first?.contains("\(folder)/none: there is no such folder; make it")
          == true)
      let onFolder = try export([runs[0]], to: "torch", folder, "--force", ranks: 2)
      #expect(onFolder.exitCode == 65)
      #expect(onFolder.complaints.first?.contains("\(folder) is a folder; name a file") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])

      let senseless = try export([runs[0]], to: "torch", "\(folder)/model.pt", "--softmax")
      #expect(senseless.exitCode == 64)
      #expect(senseless.errors.contains("a torch file holds weights alone"))
    }

    private func folder(of file: String) -> String {
      URL(filePath: file).deletingLastPathComponent().path
    }
  }
}
