package import Differentiation
import Kernels
package import NeuralNetworks

/// EfficientNet: Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural
/// networks", 2019; and EfficientNet-Lite, 2020, without squeeze-and-excitation and with ReLU6.
///
/// Parameters have timm's names: B0 to B4 are its `efficientnet_b0` …, with PyTorch's padding (as many
/// zeros on all sides) and epsilon; the lite nets are its `tf_efficientnet_lite0` …, with TensorFlow's
/// padding (the odd one at the end) and epsilon, as their published weights were trained.
package struct EfficientNet: Backbone {
  /// The nets differ in how much wider and deeper than B0 they are.
  package struct Variant: Sendable {
    var width: Double = 1
    var depth: Double = 1
    var isLite = false
    /// The side of the images that it was made for.
    var imageSize = 224
    /// Channels that the classifier sees, before scaling.
    var features = 1280
    /// One entry for each row of the paper's table 1 but the first and last.
    var stages = EfficientNet.stages

    package static let b0 = Variant()
    package static let b1 = Variant(width: 1, depth: 1.1, imageSize: 240)
    package static let b2 = Variant(width: 1.1, depth: 1.2, imageSize: 260)
    package static let b3 = Variant(width: 1.2, depth: 1.4, imageSize: 300)
    package static let b4 = Variant(width: 1.4, depth: 1.8, imageSize: 380)
    package static let lite0 = Variant(isLite: true)
    package static let lite1 = Variant(width: 1, depth: 1.1, isLite: true, imageSize: 240)
    package static let lite2 = Variant(width: 1.1, depth: 1.2, isLite: true, imageSize: 260)

    /// Scaled channels.
    func channels(_ count: Int) -> Int { .channels(near: Double(count) * width) }

    /// The stem and the last convolution of a lite net don't grow.
    func fixedChannels(_ count: Int) -> Int { isLite ? count : channels(count) }

    /// Scaled blocks; the first and last stage of a lite net don't grow.
    func blocks(of stage: Int) -> Int {
      let count = stages[stage].blocks
      if isLite && (stage == 0 || stage == stages.count - 1) { return count }
      return Int((Double(count) * depth).rounded(.up))
    }
  }

  struct Stage: Sendable {
    let blocks: Int
    let window: Int
    let stride: Int
    let expansion: Int
    let channels: Int
  }

  private static let stages = [
    Stage(blocks: 1, window: 3, stride: 1, expansion: 1, channels: 16),
    Stage(blocks: 2, window: 3, stride: 2, expansion: 6, channels: 24),
    Stage(blocks: 2, window: 5, stride: 2, expansion: 6, channels: 40),
    Stage(blocks: 3, window: 3, stride: 2, expansion: 6, channels: 80),
    Stage(blocks: 3, window: 5, stride: 1, expansion: 6, channels: 112),
    Stage(blocks: 4, window: 5, stride: 2, expansion: 6, channels: 192),
    Stage(blocks: 1, window: 3, stride: 1, expansion: 6, channels: 320),
  ]

  /// Stages whose maps have an eighth of the images' side or more.
  private static let wideStages = 3

  private static let excitation = SqueezeExciteFunctions(activation: .silu, gate: .sigmoid)

  private let stem: ConvNormAct
  /// The blocks of stages whose maps are wide, and the others.
  private let wide: [InvertedResidual]
  private let deep: [InvertedResidual]
  private let last: ConvNormAct
  package let mapChannels: Int
  /// Uniform by the number of inputs. The authors' way, by the number of outputs, is as large for a
  /// thousand classes, and so large for a few that a fine-tuning has to unlearn it first.
  package let classifier = ClassifierStyle("classifier", bias: .constant(0))

  /// - Parameter stochasticDepth: towards which the blocks' rates grow, from none for the first.
  package init(
    _ variant: Variant, channels: Int, stochasticDepth: Double = 0, scope: ParameterScope
  ) {
    let style =
      variant.isLite
      ? InvertedResidual.Style(activation: .relu6, padding: .same, epsilon: 1e-3)
      : InvertedResidual.Style(activation: .silu)
    var inputs = variant.fixedChannels(32)
    stem = style.unit(
      scope, ("conv_stem", "bn1"), channels: channels, filters: inputs, window: 3, stride: 2)
    var blocks: [[InvertedResidual]] = []
    let count = variant.stages.indices.reduce(0) { $0 + variant.blocks(of: $1) }
    let rates = StochasticDepth.rates(upTo: stochasticDepth, in: count, blocks: count)
    var position = 0
    for (number, stage) in variant.stages.enumerated() {
      let outputs = variant.channels(stage.channels)
      blocks.append(
        (0..<variant.blocks(of: number)).map { block in
          defer { (inputs, position) = (outputs, position + 1) }
          return InvertedResidual(
            style, scope["blocks"][number][block], channels: inputs,
            width: inputs * stage.expansion, filters: outputs, window: stage.window,
            stride: block == 0 ? stage.stride : 1,
            passedOver: rates[position],
            excitation: variant.isLite ? nil : (inputs / 4, Self.excitation))
        })
    }
    wide = blocks[..<Self.wideStages].flatMap(\.self)
    deep = blocks[Self.wideStages...].flatMap(\.self)
    mapChannels = variant.fixedChannels(variant.features)
    last = style.unit(
      scope, ("conv_head", "bn2"), channels: inputs, filters: mapChannels, window: 1)
  }

  package func map(of images: Variable, on tape: Tape) -> Variable {
    let map = tape.inParts(images) { images in
      wide(stem(images, on: tape), on: tape)
    }
    return last(deep(map, on: tape), on: tape)
  }
}
