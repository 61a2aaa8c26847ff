package import Kernels
package import Tensors

/// A forward pass written down as a graph, to be put into another program's words.
///
/// Each operation says what it computed beside computing it, in `Tape.record(_:parts:)`; fused units
/// are described by several parts. So a net has no description but its forward pass.
package final class Trace {
  /// A value that an operation, or a part of one, computed.
  package struct Value: Sendable {
    /// Its place: 0 is the input, n the output of node n − 1.
    package let number: Int
    /// As in the traced pass; the first extent is the number of images and may be any.
    package let shape: Shape
  }

  package struct Node: Sendable {
    package let part: TracedPart
    package let inputs: [Value]
    package let output: Value
  }

  /// In the order of the forward pass.
  package private(set) var nodes: [Node] = []
  package let input: Value
  package private(set) var output: Value
  /// Operations that didn't record what they computed.
  private var undescribed: [String] = []

  /// A graph whose input `images` is.
  package init(of images: Variable) {
    input = Value(number: 0, shape: images.shape)
    output = input
    images.traced = input
  }

  /// What is known of a variable.
  package subscript(_ x: Variable) -> Value {
    if x.traced == nil { takeDescription(of: x, by: "an operation that isn't recorded", nil) }
    return x.traced ?? input
  }

  /// Adds a part, and gives its output.
  ///
  /// - Parameter shape: of the output; the first input's when nil.
  package func append(_ part: TracedPart, _ inputs: Value..., shape: Shape? = nil) -> Value {
    let output = Value(number: nodes.count + 1, shape: shape ?? inputs[0].shape)
    nodes.append(Node(part: part, inputs: inputs, output: output))
    return output
  }

  /// Adds an activation, which is nothing if it is the identity.
  package func activated(_ x: Value, _ activation: Activation) -> Value {
    activation == .identity ? x : append(.activation(activation), x)
  }

  /// The pass has come to `result`. Throws when an operation on the way recorded nothing.
  package func finish(with result: Variable) throws(TraceError) {
    output = self[result]
    guard undescribed.isEmpty else { throw TraceError(operations: undescribed) }
  }

  /// Notes what an operation has computed.
  ///
  /// - Parameter function: the operation's, with its arguments' labels.
  func takeDescription(
    of output: Variable, by function: StaticString, _ parts: ((Trace) -> Value)?
  ) {
    let operation = String("\(function)".prefix { $0 != "(" })
    if parts == nil, !undescribed.contains(operation) { undescribed.append(operation) }
    output.traced = parts?(self) ?? Value(number: 0, shape: output.shape)
  }
}

/// What traced operations are made of: few things, which every program for inference has. Images are
/// `[N,H,W,C]`, tokens `[N,T,C]`.
package enum TracedPart: Sendable {
  /// Of images with filters `[R,S,C/groups,K]`. `padding` zeros
  /// stand before the first row and column, `paddingAfter` after the last.
  case convolution(
    FlatEntry, bias: FlatEntry? = nil, stride: Int = 1, padding: Int = 0, paddingAfter: Int = 0)
  /// With the running statistics, of the last axis.
  case batchNormalization(NormalizationEntries, epsilon: Double)
  /// Over the last axis.
  case layerNormalization(scale: FlatEntry, shift: FlatEntry, epsilon: Float)
  /// Of the last axis with `weight[…,in,out]`.
  case linear(weight: FlatEntry, bias: FlatEntry)
  case activation(Activation)
  case sigmoid
  /// relu6(x + 3) / 6.
  case hardSigmoid
  /// Of two values of one shape.
  case sum
  /// Of images with a factor `[N,1,1,C]` for each image and channel.
  case gated
  /// The largest value of each window; padding never wins.
  case maxPooling(window: Int, stride: Int, padding: Int)
  /// Of each channel over an image: `[N,1,1,C]`.
  case mean
  /// Multi-head attention of `[N,T,3·C]` to the first `queries` tokens.
  case attention(heads: Int, queries: Int)
  /// A learned token `[1,1,C]` before each image's.
  case prependedToken(FlatEntry)
  /// With learned numbers added, which are repeated over the axes that they lack or have once.
  case added(FlatEntry)
  /// Times learned numbers `[C]`.
  case scaled(FlatEntry)
  /// The first tokens of each image, as many as the output has.
  case firstTokens
  /// The same numbers in the same order under the output's shape.
  case reshaped
}

/// Operations that can't be put into another program's words.
package struct TraceError: Error, Equatable, CustomStringConvertible {
  package let operations: [String]

  package var description: String {
    "the net can't be exported as a graph: \(operations.joined(separator: ", ")) is not described; "
      + "give its call of Tape.record the parts (Sources/Differentiation/Trace.swift)"
  }
}
