import Files
package import Differentiation
import SwiftProtobuf
package import Tensors

/// A classifier, or several that are asked together, as an ONNX file: images `input[N,C,H,W]` to
/// `logits` or `probabilities` `[N,classes]`, for any N. Members of unlike images have inputs of their own.
package struct ONNXModel {
  /// A net's forward pass, and its weights.
  package struct Member {
    let trace: Trace
    let weights: FlatStore
    let input: String

    /// - Parameter input: the name of its images, which members of the same ones share.
    package init(_ trace: Trace, _ weights: FlatStore, input: String = "input") {
      self.trace = trace
      self.weights = weights
      self.input = input
    }
  }

  /// How several members become one answer.
  package struct Mean {
    /// Of each member; nil where all count alike.
    let weights: [Double]?
    /// Whether logits are averaged, and not probabilities.
    let isOfLogits: Bool
    /// What the logits of the mean are divided by.
    let temperature: Double

    package init(weights: [Double]? = nil, isOfLogits: Bool = false, temperature: Double = 1) {
      self.weights = weights
      self.isOfLogits = isOfLogits
      self.temperature = temperature
    }
  }

  /// Version 17 has layer normalisation; programs of 2022 read it.
  static let operatorSet = 17
  /// The version of the file's form that came with it.
  static let fileVersion = 8
  /// Protocol buffers can't be longer than 2 GiB; this leaves room for all that isn't weights.
  static let largestWeights = Int(Int32.max) - (1 << 24)

  let proto: Onnx_ModelProto

  /// - Parameters:
  ///   - members: of the same classes.
  ///   - mean: of the members, whose probabilities are given; nil for one member alone.
  ///   - name: of the graph.
  ///   - foldsNormalizations: takes batch normalisations into the convolutions before them.
  ///   - givesProbabilities: of one member, its softmax in the place of its logits.
  ///   - haveSeveralLabels: whether probabilities are sigmoids, each of its class alone.
  ///   - metadata: keys and values, in their order.
  ///
  /// Throws when there are more weights than such a file can hold.
  package init(
    _ members: [Member], mean: Mean?, name: String, producerVersion: String,
    foldsNormalizations: Bool,
    givesProbabilities: Bool, haveSeveralLabels: Bool = false,
    metadata: [(key: String, value: String)]
  ) throws(ONNXError) {
    let bytes = members.reduce(0) { $0 + $1.weights.count * MemoryLayout<Float>.size }
    guard bytes <= Self.largestWeights else {
      throw .tooLarge(bytes: bytes, limit: Self.largestWeights)
    }
    var builder = GraphBuilder()
    builder.name(name)
    var inputs: Set<String> = []
    for member in members where inputs.insert(member.input).inserted {
      let images = member.trace.input.shape
      builder.addInput(member.input, [images[3], images[1], images[2]])
    }
    let logits = members.enumerated().map { number, member in
      var writer = NetWriter(
        member.trace, member.weights, prefix: members.count == 1 ? "" : "model\(number).",
        foldsNormalizations: foldsNormalizations, into: builder)
      defer { builder = writer.builder }
      return writer.write(input: member.input)
    }
    let classes = members[0].trace.output.shape[1]
    if let mean {
      builder.makeOutput(
        builder.mean(mean, of: logits, haveSeveralLabels), named: "probabilities",
        classes: classes)
    } else if givesProbabilities {
      builder.makeOutput(
        builder.probabilities(of: logits[0], haveSeveralLabels), named: "probabilities",
        classes: classes)
    } else {
      builder.makeOutput(logits[0], named: "logits", classes: classes)
    }

    var operators = Onnx_OperatorSetIdProto()
    operators.domain = ""
    operators.version = Int64(Self.operatorSet)
    var proto = Onnx_ModelProto()
    proto.irVersion = Int64(Self.fileVersion)
    proto.opsetImport = [operators]
    proto.producerName = "tutti"
    proto.producerVersion = producerVersion
    proto.graph = builder.graph
    proto.metadataProps = metadata.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      entry.key = key
      entry.value = value
      return entry
    }
    self.proto = proto
  }

  /// The file, the same bytes for the same members and metadata.
  package func bytes() throws -> [UInt8] { try proto.serializedBytes() }
}

/// Why a model can't be an ONNX file.
package enum ONNXError: UnusableInput, Equatable, CustomStringConvertible {
  case tooLarge(bytes: Int, limit: Int)

  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "an ONNX file can hold \(limit) bytes of weights, and these are \(bytes); export fewer models "
        + "into one file, and take their mean outside"
    }
  }
}
