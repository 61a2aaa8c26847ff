package import Differentiation
import Kernels
package import NeuralNetworks

/// MobileNetV3: Howard et al., "Searching for MobileNetV3", 2019, with timm's parameter names, padding
/// and epsilon (its `mobilenetv3_large_100` and `mobilenetv3_small_100`).
package struct MobileNetV3: Backbone {
  /// A row of tables 1 and 2 of the paper: a block.
  struct Row: Sendable {
    let window: Int
    /// Channels inside the block.
    let width: Int
    let filters: Int
    var excites = false
    let activation: Activation
    var stride = 1
  }

  /// The nets differ in their rows and the channels behind them.
  package struct Variant: Sendable {
    /// By stage, as timm numbers the blocks.
    let stages: [[Row]]
    /// Stages whose maps have an eighth of the images' side or more.
    let wideStages: Int
    /// Channels of the last convolution over images.
    let last: Int
    /// Channels of the layer after the pooling.
    let features: Int

    package static let large = Variant(
      stages: [
        [Row(window: 3, width: 16, filters: 16, activation: .relu)],
        [
          Row(window: 3, width: 64, filters: 24, activation: .relu, stride: 2),
          Row(window: 3, width: 72, filters: 24, activation: .relu),
        ],
        [
          Row(window: 5, width: 72, filters: 40, excites: true, activation: .relu, stride: 2),
          Row(window: 5, width: 120, filters: 40, excites: true, activation: .relu),
          Row(window: 5, width: 120, filters: 40, excites: true, activation: .relu),
        ],
        [
          Row(window: 3, width: 240, filters: 80, activation: .hardSwish, stride: 2),
          Row(window: 3, width: 200, filters: 80, activation: .hardSwish),
          Row(window: 3, width: 184, filters: 80, activation: .hardSwish),
          Row(window: 3, width: 184, filters: 80, activation: .hardSwish),
        ],
        [
          Row(window: 3, width: 480, filters: 112, excites: true, activation: .hardSwish),
          Row(window: 3, width: 672, filters: 112, excites: true, activation: .hardSwish),
        ],
        [
          Row(
            window: 5, width: 672, filters: 160, excites: true, activation: .hardSwish, stride: 2),
          Row(window: 5, width: 960, filters: 160, excites: true, activation: .hardSwish),
          Row(window: 5, width: 960, filters: 160, excites: true, activation: .hardSwish),
        ],
      ], wideStages: 3, last: 960, features: 1280)

    package static let small = Variant(
      stages: [
        [Row(window: 3, width: 16, filters: 16, excites: true, activation: .relu, stride: 2)],
        [
          Row(window: 3, width: 72, filters: 24, activation: .relu, stride: 2),
          Row(window: 3, width: 88, filters: 24, activation: .relu),
        ],
        [
          Row(window: 5, width: 96, filters: 40, excites: true, activation: .hardSwish, stride: 2),
          Row(window: 5, width: 240, filters: 40, excites: true, activation: .hardSwish),
          Row(window: 5, width: 240, filters: 40, excites: true, activation: .hardSwish),
        ],
        [
          Row(window: 5, width: 120, filters: 48, excites: true, activation: .hardSwish),
          Row(window: 5, width: 144, filters: 48, excites: true, activation: .hardSwish),
        ],
        [
          Row(window: 5, width: 288, filters: 96, excites: true, activation: .hardSwish, stride: 2),
          Row(window: 5, width: 576, filters: 96, excites: true, activation: .hardSwish),
          Row(window: 5, width: 576, filters: 96, excites: true, activation: .hardSwish),
        ],
      ], wideStages: 2, last: 576, features: 1024)
  }

  private static let excitation = SqueezeExciteFunctions(activation: .relu, gate: .hardSigmoid)

  private let stem: ConvNormAct
  /// The blocks of stages whose maps are wide, and the others.
  private let wide: [InvertedResidual]
  private let deep: [InvertedResidual]
  private let last: ConvNormAct
  private let hidden: Linear
  package let mapChannels: Int
  package let features: Int
  /// As EfficientNet's.
  package let classifier = ClassifierStyle("classifier", bias: .constant(0))

  /// - Parameter stochasticDepth: towards which the blocks' rates grow, from none for the first.
  package init(
    _ variant: Variant, channels: Int, stochasticDepth: Double = 0, scope: ParameterScope
  ) {
    let style = InvertedResidual.Style(activation: .hardSwish)
    var inputs = 16
    stem = style.unit(
      scope, ("conv_stem", "bn1"), channels: channels, filters: inputs, window: 3, stride: 2)
    var blocks: [[InvertedResidual]] = []
    let count = variant.stages.reduce(0) { $0 + $1.count }
    // timm counts the layer behind the blocks as one, and its last block has less than the rate by that, too.
    let rates = StochasticDepth.rates(upTo: stochasticDepth, in: count + 1, blocks: count)
    var position = 0
    for (number, rows) in variant.stages.enumerated() {
      blocks.append(
        rows.enumerated().map { block, row in
          defer { (inputs, position) = (row.filters, position + 1) }
          return InvertedResidual(
            InvertedResidual.Style(activation: row.activation), scope["blocks"][number][block],
            channels: inputs, width: row.width, filters: row.filters, window: row.window,
            stride: row.stride, passedOver: rates[position],
            excitation: row.excites
              ? (.channels(near: Double(row.width) / 4), Self.excitation) : nil)
        })
    }
    wide = blocks[..<variant.wideStages].flatMap(\.self)
    deep = blocks[variant.wideStages...].flatMap(\.self)
    last = style.unit(
      scope["blocks"][variant.stages.count][0], ("conv", "bn1"), channels: inputs,
      filters: variant.last, window: 1)
    hidden = Linear(
      scope["conv_head"], inputs: variant.last, outputs: variant.features, isPointwise: true,
      weight: .normal(deviation: (2 / Double(variant.features)).squareRoot()), bias: .constant(0))
    mapChannels = variant.last
    features = variant.features
  }

  package func map(of images: Variable, on tape: Tape) -> Variable {
    let map = tape.inParts(images) { images in
      wide(stem(images, on: tape), on: tape)
    }
    return last(deep(map, on: tape), on: tape)
  }

  package func neck(_ pooled: Variable, on tape: Tape) -> Variable {
    hidden(pooled, activation: .hardSwish, on: tape)
  }
}
