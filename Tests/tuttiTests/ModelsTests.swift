import Foundation
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// The list of models: what it counts, and what it measures.
  @Suite struct ModelsTests {
    /// GFLOPs as torchvision's documentation and timm's tables have them, rounded as there; but a ViT's last
    /// block makes the class token alone, 0.3 fewer.
    static let published: [(name: String, parameters: Int, gflops: Double, size: Int)] = [
      ("resnet18", 11_689_512, 1.81, 224), ("resnet50", 25_557_032, 4.09, 224),
      ("efficientnet-b1", 7_794_184, 0.69, 240), ("mobilenetv3-large", 5_483_032, 0.22, 224),
      ("convnext-tiny", 28_589_128, 4.46, 224), ("vit-s16", 22_050_664, 4.31, 224),
    ]

    @Test func `parameters and GFLOPs are the published ones`() throws {
      let rows = try document(["models"] + Self.published.map(\.name)).map { $0["model"] }
      #expect(rows.count == Self.published.count)
      for (row, expected) in zip(rows, Self.published) {
        let row = try #require(row as? [String: Any])
        #expect(row["name"] as? String == expected.name)
        #expect(row["parameters"] as? Int == expected.parameters)
        #expect(row["image_size"] as? Int == expected.size)
        let gflops = try #require(row["gflops"] as? Double)
        #expect(abs(gflops / expected.gflops - 1) < 0.03, "\(expected.name): \(gflops)")
        // Running statistics are in the file as well: less than a hundredth of it.
        let bytes = try #require(row["file_bytes"] as? Int)
        #expect((1..<1.01).contains(Double(bytes) / Double(4 * expected.parameters)))
      }
    }

    @Test func `all models are listed, in a table`() throws {
      let run = try tutti(["models"])
      #expect(run.exitCode == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix("model ") == true)
      #expect(lines.count > 20 && lines.contains { $0.hasPrefix("efficientnet-lite2 ") })
    }

    @Test(arguments: [1, 2])
    func `a training step's speed and memory are of each model for itself`(ranks: Int) throws {
      let steps = try document(
        ["models", "--measure", "cifar-resnet20", "cifar-resnet8"], ranks: ranks
      ).map { try #require($0["step"] as? [String: Any]) }
      #expect(steps.map { $0["batch"] as? Int } == [16, 16])
      #expect(steps.map { $0["ranks"] as? Int } == [ranks, ranks])
      let tensors = steps.compactMap { $0["tensor_peak_bytes"] as? Int }
      #expect(tensors.count == 2)
      #expect(tensors[1] < tensors[0], "the first one shows in the second")
      #expect(steps.allSatisfy { $0["images_per_second"] as? Double ?? 0 > 0 })
    }

    @Test func `a name that doesn't exist`() throws {
      let run = try tutti(["models", "resnet81"])
      #expect(run.exitCode == 65)
      #expect(run.errors.contains("did you mean `resnet18`"))
    }

    private func document(_ arguments: [String], ranks: Int? = nil) throws -> [[String: Any]] {
      let run = try tutti(arguments + ["--json"], ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      return try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    }
  }
}
