import Differentiation
import FoundationEssentials
import NeuralNetworks
import Tensors
@testable import ONNX

/// A net that a test writes as a closure; it has no head.
struct ToyNet: Network {
  let forward: (Variable, Tape) -> Variable

  func callAsFunction(_ images: Variable, on tape: Tape) -> Variable { forward(images, tape) }

  func features(of images: Variable, on tape: Tape) -> Variable { forward(images, tape) }

  /// The model whose layers `make` declares and whose forward pass it returns.
  static func model(
    _ make: (ParameterScope) -> (Variable, Tape) -> Variable
  ) -> Model {
    Model { ToyNet(forward: make($0)) }
  }
}

extension Model {
  /// Its trace for 16×16 RGB images, with weights that no two of are alike.
  func member() throws -> ONNXModel.Member {
    let weights = FlatStore.weights(layout)
    for place in 0..<weights.count { weights.pointer[place] = 0.5 + Float(place % 97) / 97 }
    return ONNXModel.Member(try traced(weights, side: 16, channels: 3), weights)
  }

  /// The graph of the net alone.
  func graph(
    foldsNormalizations: Bool = true, givesProbabilities: Bool = false
  ) throws -> Onnx_GraphProto {
    try ONNXModel.of(
      [try member()], foldsNormalizations: foldsNormalizations,
      givesProbabilities: givesProbabilities
    ).proto.graph
  }
}

extension ONNXModel {
  static func of(
    _ members: [Member], foldsNormalizations: Bool = true, givesProbabilities: Bool = false
  ) throws -> ONNXModel {
    try ONNXModel(
      members, mean: members.count > 1 ? Mean() : nil, name: "toy", producerVersion: "0",
      foldsNormalizations: foldsNormalizations,
      givesProbabilities: givesProbabilities, metadata: [("b", "1"), ("a", "2")])
  }
}

extension Onnx_GraphProto {
  var operators: [String] { node.map(\.opType) }

  func integers(_ attribute: String, of node: String) -> [Int]? {
    let attributes = self.node.first { $0.name == node }?.attribute
    guard let found = attributes?.first(where: { $0.name == attribute }) else { return nil }
    return found.type == .int ? [Int(found.i)] : found.ints.map { Int($0) }
  }

  /// The names that a node reads.
  func inputs(of node: String) -> [String]? { self.node.first { $0.name == node }?.input }

  /// An initialiser's extents and numbers.
  func parameter(_ name: String) -> (shape: [Int], values: [Float])? {
    guard let tensor = initializer.first(where: { $0.name == name }) else { return nil }
    let values = tensor.rawData.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return (tensor.dims.map { Int($0) }, values)
  }
}
