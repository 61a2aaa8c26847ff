import Kernels
import Models
import NeuralNetworks
import SwiftProtobuf
import Tensors
import Testing

@testable import Differentiation
@testable import ONNX

/// What is in the files; that ONNX Runtime computes the same by them is `GoldenGraphTests`' matter.
@Suite struct ONNXModelTests {
  static var convolutional: Model {
    ToyNet.model { scope in
      let stem = ConvNormAct(
        scope, ("conv1", "bn1"), channels: 3, filters: 4, window: 3, stride: 2, padding: .same,
        epsilon: 1e-3, activation: .relu6)
      let depthwise = ConvNormAct(
        scope["block"], ("conv_dw", "bn"), channels: 4, filters: 4, window: 5, groups: 4)
      let head = Linear(scope["fc"], inputs: 4, outputs: 7)
      return { images, tape in
        let x = stem(images, on: tape)
        let pooled = maxPooling(
          depthwise(x, adding: x, on: tape), window: 3, stride: 2, padding: 1, on: tape)
        return head(globalAveragePooling(pooled, on: tape), on: tape)
      }
    }
  }

  @Test func `convolutions take their normalisations in`() throws {
    let graph = try Self.convolutional.graph()
    #expect(
      graph.operators == [
        "Conv", "Clip", "Conv", "Add", "Relu", "MaxPool", "GlobalAveragePool", "Reshape", "Gemm",
      ])
    #expect(graph.inputs(of: "conv1") == ["input", "conv1.weight", "conv1.bias"])
    #expect(graph.integers("pads", of: "conv1") == [0, 0, 1, 1])
    #expect(graph.integers("strides", of: "conv1") == [2, 2])
    #expect(graph.integers("group", of: "conv1") == [1])
    #expect(graph.integers("group", of: "block.conv_dw") == [4])
    #expect(graph.integers("pads", of: "block.conv_dw") == [2, 2, 2, 2])
    #expect(graph.integers("transB", of: "fc") == [1])
    #expect(graph.inputs(of: "fc")?.suffix(2) == ["fc.weight", "fc.bias"])
    #expect(graph.parameter("fc.weight")?.shape == [7, 4])
    #expect(graph.parameter("block.conv_dw.weight")?.shape == [4, 1, 5, 5])
  }

  @Test func `folded numbers are those of the formula`() throws {
    let (folded, plain) = (
      try Self.convolutional.graph(), try Self.convolutional.graph(foldsNormalizations: false)
    )
    #expect(
      plain.operators == [
        "Conv", "BatchNormalization", "Clip", "Conv", "BatchNormalization", "Add", "Relu",
        "MaxPool", "GlobalAveragePool", "Reshape", "Gemm",
      ])
    let parts = ["weight", "bias", "running_mean", "running_var"].map { "bn1.\($0)" }
    #expect(plain.inputs(of: "bn1") == ["conv1"] + parts)
    let vectors = try parts.map { try #require(plain.parameter($0)).values.map(Double.init) }
    let before = try #require(plain.parameter("conv1.weight")).values
    let after = try #require(folded.parameter("conv1.weight")).values
    let bias = try #require(folded.parameter("conv1.bias")).values
    for filter in 0..<4 {
      let factor = vectors[0][filter] / (vectors[3][filter] + 1e-3).squareRoot()
      #expect(bias[filter] == Float(vectors[1][filter] - vectors[2][filter] * factor))
      for i in (27 * filter)..<(27 * (filter + 1)) {
        #expect(after[i] == Float(Double(before[i]) * factor))
      }
    }
  }

  /// Two readers of a convolution's output, one of them not a normalisation.
  @Test func `a convolution that is read twice stays as it is`() throws {
    let model = ToyNet.model { scope in
      let convolution = Convolution(scope["conv"], channels: 3, filters: 3, window: 1)
      let norm = BatchNorm(scope["bn"], channels: 3)
      return { images, tape in
        let x = convolution(images, on: tape)
        let y = residualSum(
          norm(x, activation: .silu, on: tape), x, activation: .identity, on: tape)
        return globalAveragePooling(y, on: tape)
      }
    }
    #expect(
      try model.graph().operators == [
        "Conv", "BatchNormalization", "Sigmoid", "Mul", "Add", "GlobalAveragePool", "Reshape",
      ])
  }

  /// Channels are last for what works on them alone, and images are turned round once.
  @Test func `images are turned round where operators want them so`() throws {
    let model = ToyNet.model { scope in
      let convolution = Convolution(scope["conv"], channels: 3, filters: 4, window: 3)
      let norm = LayerNorm(scope["norm"], channels: 4)
      let hidden = Linear(scope["hidden"], inputs: 4, outputs: 4)
      return { images, tape in
        let x = convolution(images, on: tape)
        let y = hidden(norm(x, on: tape), activation: .gelu, adding: x, on: tape)
        return globalAveragePooling(y, on: tape)
      }
    }
    let graph = try model.graph()
    #expect(
      graph.operators == [
        "Conv", "Transpose", "LayerNormalization", "Transpose", "MatMul", "Add", "Add", "Div",
        "Erf", "Add", "Mul", "Mul", "Transpose", "GlobalAveragePool", "Reshape",
      ])
    #expect(graph.integers("perm", of: "Transpose") == [0, 2, 3, 1])
    #expect(graph.inputs(of: "Transpose_1") == ["hidden.weight"])
    #expect(graph.parameter("hidden.weight")?.shape == [4, 4])
    #expect(graph.integers("perm", of: "Transpose_2") == [0, 3, 1, 2])
  }

  @Test func `inputs and outputs say what they are`() throws {
    let logits = try Self.convolutional.graph()
    #expect(logits.input.map(\.name) == ["input"])
    let dimensions = logits.input[0].type.tensorType.shape.dim
    #expect(dimensions[0].dimParam == "N")
    #expect(dimensions.dropFirst().map(\.dimValue) == [3, 16, 16])
    #expect(logits.output.map(\.name) == ["logits"])
    #expect(logits.node.last?.output == ["logits"])
    #expect(logits.output[0].type.tensorType.shape.dim.map(\.dimValue) == [0, 7])

    let probabilities = try Self.convolutional.graph(givesProbabilities: true)
    #expect(probabilities.operators == logits.operators + ["Softmax"])
    #expect(probabilities.output.map(\.name) == ["probabilities"])
    #expect(probabilities.node.last?.input == ["fc"])
  }

  @Test func `several models give the mean of their probabilities`() throws {
    let member = try Self.convolutional.member()
    let graph = try ONNXModel.of([member, member]).proto.graph
    let alone = try Self.convolutional.graph().operators
    #expect(graph.operators == alone + alone + ["Softmax", "Softmax", "Mean"])
    #expect(graph.inputs(of: "model1.conv1")?.prefix(2) == ["input", "model1.conv1.weight"])
    #expect(graph.node.last?.input == ["Softmax", "Softmax_1"])
    #expect(graph.output.map(\.name) == ["probabilities"])
    let names = graph.node.flatMap(\.output) + graph.initializer.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func `reads back with the same bytes each time`() throws {
    let member = try Self.convolutional.member()
    let bytes = try ONNXModel.of([member]).bytes()
    #expect(try ONNXModel.of([member]).bytes() == bytes)
    let read = try Onnx_ModelProto(serializedBytes: bytes)
    #expect(read == (try ONNXModel.of([member]).proto))
    #expect(read.irVersion == 8 && read.opsetImport.map(\.version) == [17])
    #expect(read.metadataProps.map(\.key) == ["b", "a"])
    #expect(read.metadataProps.map(\.value) == ["1", "2"])
  }

  @Test func `refuses more than a file can hold`() throws {
    let member = try Self.convolutional.member()
    let count = ONNXModel.largestWeights / (member.weights.count * 4) + 1
    #expect(throws: ONNXError.self) {
      try ONNXModel.of(Array(repeating: member, count: count))
    }
  }

  @Test(arguments: ModelCatalogue.names) func `every net of the catalogue has a graph`(
    _ name: String
  ) throws {
    let side = max(32, ModelCatalogue.leastImageSize(of: name))
    let model = try #require(
      ModelCatalogue.model(named: name, channels: 3, classes: 5, imageSize: side))
    let weights = FlatStore.weights(model.layout)
    let trace = try model.traced(weights, side: side, channels: 3)
    let graph = try ONNXModel.of([.init(trace, weights)], foldsNormalizations: false).proto.graph
    let parameters = graph.initializer.map(\.name).filter { !$0.hasPrefix("constant ") }
    #expect(Set(parameters) == Set(model.layout.entries.map(\.name)))
    let names = graph.initializer.map(\.name) + graph.node.map(\.name)
    #expect(Set(names).count == names.count && !names.contains(""))
  }

  @Test(
    arguments: ["resnet18", "mobilenetv3-small", "convnext-tiny", "vit-ti16"], Head.allCases)
  func `every head has a graph`(_ name: String, _ head: Head) throws {
    let model = try #require(
      ModelCatalogue.model(named: name, channels: 3, classes: 5, imageSize: 32, head: head))
    let weights = FlatStore.weights(model.layout)
    let trace = try model.traced(weights, side: 32, channels: 3)
    #expect(try ONNXModel.of([.init(trace, weights)]).proto.graph.output.map(\.name) == ["logits"])
  }

  @Test func `an operation that tells nothing is named`() {
    func mystery(_ x: Variable, on tape: Tape) -> Variable {
      let y = Variable(x.value, needsGradient: false)
      tape.record(y, of: [x]) { _ in }
      return y
    }
    let model = ToyNet.model { scope in
      let head = Linear(scope["fc"], inputs: 3, outputs: 2)
      return { images, tape in
        head(globalAveragePooling(mystery(images, on: tape), on: tape), on: tape)
      }
    }
    let error = #expect(throws: TraceError.self) { try model.member() }
    #expect(error?.operations == ["mystery"])
    #expect(error?.description.contains("mystery") == true)
  }

  @Test func `a value from nowhere is an error, too`() {
    let model = ToyNet.model { scope in
      let head = Linear(scope["fc"], inputs: 3, outputs: 2)
      return { images, tape in
        let features = Variable(Tensor(zeros: [1, 3]), needsGradient: false)
        return head(features, on: tape)
      }
    }
    #expect(throws: TraceError(operations: ["an operation that isn't recorded"])) {
      try model.member()
    }
  }
}
