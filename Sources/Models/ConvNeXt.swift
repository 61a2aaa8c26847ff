package import Differentiation
import Kernels
package import NeuralNetworks
import Tensors

/// ConvNeXt: Liu et al., "A ConvNet for the 2020s", 2022, with timm's parameter names and first values
/// (its `convnext_tiny`).
package struct ConvNeXt: Backbone {
  /// The nets differ in the blocks and channels of their four stages.
  package struct Variant: Sendable {
    let depths: [Int]
    let widths: [Int]

    package static let tiny = Variant(depths: [3, 3, 9, 3], widths: [96, 192, 384, 768])
  }

  /// Pixels of a side that one pixel of the last stage sees at least.
  package static let leastImageSize = 32

  private let stem: Convolution
  private let stemNorm: LayerNorm
  private let stages: [ConvNeXtStage]
  private let norm: LayerNorm
  package let mapChannels: Int
  package let classifier = ClassifierStyle(
    "head.fc", weight: .normal(deviation: 0.02), bias: .constant(0))

  /// - Parameter stochasticDepth: the last block's rate; those before have less, down to none for the first.
  package init(
    _ variant: Variant, channels: Int, stochasticDepth: Double = 0, scope: ParameterScope
  ) {
    var inputs = variant.widths[0]
    stem = ConvNeXtStage.patches(scope["stem"][0], channels: channels, filters: inputs, side: 4)
    stemNorm = LayerNorm(scope["stem"][1], channels: inputs, epsilon: 1e-6)
    var stages: [ConvNeXtStage] = []
    let count = variant.depths.reduce(0, +)
    let rates = StochasticDepth.rates(upTo: stochasticDepth, in: count - 1, blocks: count)
    var position = 0
    for (number, (depth, width)) in zip(variant.depths, variant.widths).enumerated() {
      stages.append(
        ConvNeXtStage(
          scope["stages"][number], channels: inputs, width: width,
          passedOver: rates[position..<(position + depth)]))
      (inputs, position) = (width, position + depth)
    }
    self.stages = stages
    norm = LayerNorm(scope["head"]["norm"], channels: inputs, epsilon: 1e-6)
    mapChannels = inputs
  }

  package func map(of images: Variable, on tape: Tape) -> Variable {
    stages.reduce(stemNorm(stem(images, on: tape), on: tape)) { $1($0, on: tape) }
  }

  package func neck(_ pooled: Variable, on tape: Tape) -> Variable { norm(pooled, on: tape) }
}

/// Blocks of one width, behind a layer that halves the extent where the width changes.
struct ConvNeXtStage {
  private let downsample: (norm: LayerNorm, convolution: Convolution)?
  private let blocks: [ConvNeXtBlock]

  /// - Parameter passedOver: each block's rate of stochastic depth.
  init(_ scope: ParameterScope, channels: Int, width: Int, passedOver: ArraySlice<Double>) {
    let scaling = scope["downsample"]
    downsample =
      channels == width
      ? nil
      : (
        LayerNorm(scaling[0], channels: channels, epsilon: 1e-6),
        Self.patches(scaling[1], channels: channels, filters: width, side: 2)
      )
    blocks = passedOver.enumerated().map {
      ConvNeXtBlock(scope["blocks"][$0], width: width, passedOver: $1)
    }
  }

  /// A convolution whose windows tile the images.
  static func patches(
    _ scope: ParameterScope, channels: Int, filters: Int, side: Int
  ) -> Convolution {
    Convolution(
      scope, channels: channels, filters: filters, window: side, stride: side, padding: .none,
      isBiased: true, weight: .normal(deviation: 0.02))
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    let first = downsample.map { $0.convolution($0.norm(x, on: tape), on: tape) } ?? x
    return blocks(first, on: tape)
  }
}

/// Figure 4, right: a depthwise convolution, and a perceptron for each pixel with one hidden layer;
/// scaled channel by channel and added to the input.
struct ConvNeXtBlock: Block {
  private let depthwise: Convolution
  private let norm: LayerNorm
  private let hidden: Linear
  private let output: Linear
  private let scale: FlatEntry
  private let depth: StochasticDepth

  init(_ scope: ParameterScope, width: Int, passedOver: Double) {
    depthwise = Convolution(
      scope["conv_dw"], channels: width, filters: width, window: 7, groups: width, isBiased: true,
      weight: .normal(deviation: 0.02))
    norm = LayerNorm(scope["norm"], channels: width, epsilon: 1e-6)
    let perceptron = scope["mlp"]
    hidden = TransformerBlock.linear(perceptron["fc1"], inputs: width, outputs: 4 * width)
    output = TransformerBlock.linear(perceptron["fc2"], inputs: 4 * width, outputs: width)
    scale = scope.declare("gamma", [width], .vector, .constant(1e-6))
    depth = StochasticDepth(scope, rate: passedOver)
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    let y = norm(depthwise(x, on: tape), on: tape)
    let z = output(hidden(y, activation: .gelu, on: tape), on: tape)
    let branch = channelScale(z, scale: scale, on: tape)
    return residualSum(depth(branch, on: tape), x, activation: .identity, on: tape)
  }
}
