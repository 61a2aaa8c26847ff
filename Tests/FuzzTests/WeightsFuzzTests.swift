import Files
import FoundationEssentials
import Interchange
import Support
import Tensors
import Testing

/// Files of weights in all formats that are read.
@Suite struct WeightsFuzzTests {
  private static let words = [
    "PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "ctorch._utils\n_rebuild_tensor_v2\n",
    "cos\nsystem\n", "_modules", "_parameters", "_buffers", "model_ema", "state_dict", "\"F32\"",
    "\"shape\":[", "\"data_offsets\":[0,0]", "}}", "(", ".", "\u{93}",
  ].map { Array($0.utf8) }

  private func fuzz(_ name: String, _ seeds: [String]) throws {
    let scratch = try Scratch()
    let bytes = try seeds.map {
      try [UInt8](Data(contentsOf: URL(filePath: Golden.path($0))))
    }
    try Fuzzing.run(name, seeds: bytes, words: Self.words) { input in
      let file = try WeightsFile(path: scratch.file("weights", input))
      try file.verify(file.entries)
      for entry in file.entries {
        switch entry.type {
        case .f64, .f32, .f16, .bf16:
          #expect(try file.floats(entry).count == entry.shape.count)
        default: break
        }
      }
    }
  }

  @Test func `safetensors are read or refused`() throws {
    try fuzz(
      "safetensors", ["torch_files/expected.safetensors", "safetensors_files/types.safetensors"])
  }

  @Test func `PyTorch's zip files are read or refused`() throws {
    try fuzz(
      "torch", ["zip", "trained", "trained4", "whole", "written"].map { "torch_files/\($0).pt" })
  }

  @Test func `PyTorch's older files are read or refused`() throws {
    try fuzz("torch-legacy", ["legacy", "os-legacy"].map { "torch_files/\($0).pt" })
  }
}
