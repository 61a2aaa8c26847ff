import Files
import NeuralNetworks
import ONNX
import Support
import Testing

/// The golden nets as ONNX files, byte for byte those that `Tests/Golden/check_onnx.py` has compared,
/// in ONNX Runtime, with PyTorch's logits.
@Suite struct GoldenGraphTests {
  /// ResNet-18 has no operation that the others lack.
  @Test(arguments: GoldenNetTests.nets.filter { $0.file == "nets" }) func `writes the checked file`(
    _ net: GoldenNetTests.Net
  ) throws {
    let loaded = try GoldenNetTests.Loaded(net)
    let trace = try loaded.model.traced(loaded.weights, side: 48, channels: 3)
    let written = try ONNXModel(
      [.init(trace, loaded.weights)], name: net.description, producerVersion: "golden",
      foldsNormalizations: true, givesProbabilities: false, metadata: []
    ).bytes()
    let known = Golden.path("onnx_files/\(net).onnx")
    guard let expected = try? contents(of: known) else {
      let file = try OutputFile(path: known, expectedBytes: written.count)
      try written.withUnsafeBytes { try file.write($0) }
      Issue.record("\(known) was missing; have check_onnx.py look at it now")
      return
    }
    #expect(written == expected)
  }
}
