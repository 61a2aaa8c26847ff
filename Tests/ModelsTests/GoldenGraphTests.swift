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
      [.init(trace, loaded.weights)], mean: nil, name: net.description, producerVersion: "golden",
      foldsNormalizations: true, givesProbabilities: false, metadata: []
    ).bytes()
    try expect(written, toBe: "\(net).onnx")
  }

  /// Two nets with inputs of their own, weights and a temperature.
  @Test(arguments: [false, true]) func `writes the checked ensemble`(ofLogits: Bool) throws {
    let nets = GoldenNetTests.nets.filter {
      ["resnet50", "mobilenetv3"].contains($0.description)
    }
    let members = try nets.enumerated().map { number, net in
      let loaded = try GoldenNetTests.Loaded(net)
      return ONNXModel.Member(
        try loaded.model.traced(loaded.weights, side: 48, channels: 3), loaded.weights,
        input: "input\(number + 1)")
    }
    try #require(members.count == 2)
    let written = try ONNXModel(
      members, mean: .init(weights: [0.3, 0.7], isOfLogits: ofLogits, temperature: 1.6),
      name: "ensemble", producerVersion: "golden", foldsNormalizations: true,
      givesProbabilities: false, metadata: []
    ).bytes()
    try expect(written, toBe: "ensemble-\(ofLogits ? "logits" : "probabilities").onnx")
  }

  private func expect(_ written: [UInt8], toBe name: String) throws {
    let known = Golden.path("onnx_files/\(name)")
    guard let expected = try? contents(of: known) else {
      let file = try OutputFile(path: known, expectedBytes: written.count)
      try written.withUnsafeBytes { try file.write($0) }
      Issue.record("\(known) was missing; have check_onnx.py look at it now")
      return
    }
    #expect(written == expected)
  }
}
