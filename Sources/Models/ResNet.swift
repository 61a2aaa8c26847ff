package import Differentiation
import Kernels
package import NeuralNetworks

/// A residual block of He et al., "Deep residual learning for image recognition", 2015, figure 5;
/// torchvision's `BasicBlock` and `Bottleneck`.
package struct ResidualBlock: Block {
  package enum Kind: Sendable {
    /// Two 3×3 convolutions.
    case basic
    /// 1×1, 3×3 and 1×1, the last to four times as many channels. The 3×3 convolution has the
    /// stride (v1.5), where the paper's first one had it.
    case bottleneck

    /// Channels of the block's output over its `width`.
    var expansion: Int { self == .basic ? 1 : 4 }
  }

  private let path: [ConvNormAct]
  /// The path's last convolution, to which the shortcut is added.
  private let last: ConvNormAct
  /// The 1×1 projection where the extent or the channels change (option B).
  private let downsample: ConvNormAct?
  private let depth: StochasticDepth

  /// - Parameter passedOver: the rate of stochastic depth.
  init(
    _ kind: Kind, _ scope: ParameterScope, channels: Int, width: Int, stride: Int,
    passedOver: Double
  ) {
    depth = StochasticDepth(scope, rate: passedOver)
    func unit(
      _ number: Int, from inputs: Int, to filters: Int, window: Int, stride: Int = 1
    ) -> ConvNormAct {
      ConvNormAct(
        scope, ("conv\(number)", "bn\(number)"), channels: inputs, filters: filters,
        window: window, stride: stride)
    }
    let outputs = width * kind.expansion
    switch kind {
    case .basic:
      path = [unit(1, from: channels, to: width, window: 3, stride: stride)]
      last = unit(2, from: width, to: outputs, window: 3)
    case .bottleneck:
      path = [
        unit(1, from: channels, to: width, window: 1),
        unit(2, from: width, to: width, window: 3, stride: stride),
      ]
      last = unit(3, from: width, to: outputs, window: 1)
    }
    downsample =
      stride == 1 && channels == outputs
      ? nil
      : ConvNormAct(
        scope["downsample"], ("0", "1"), channels: channels, filters: outputs, window: 1,
        stride: stride, activation: .identity)
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    let shortcut = downsample?(x, on: tape) ?? x
    let y = path.reduce(x) { $1($0, on: tape) }
    return last(y, depth, adding: shortcut, on: tape)
  }
}

/// A residual network with torchvision's parameter names.
package struct ResNet: Backbone {
  /// The nets that differ in their stem, their stages and nothing else.
  package enum Variant: Sendable {
    /// For photographs (table 1 of the paper): 7×7 stem with stride 2 and max pooling, four stages.
    case imageNet(ResidualBlock.Kind, blocks: [Int], width: Int)
    /// For images of 28 to 32 pixels (section 4.2): 3×3 stem, three stages of 16, 32 and 64
    /// channels; 6n + 2 layers.
    case cifar(blocks: Int)

    package static let resnet18 = Variant.imageNet(.basic, blocks: [2, 2, 2, 2], width: 64)
    package static let resnet34 = Variant.imageNet(.basic, blocks: [3, 4, 6, 3], width: 64)
    package static let resnet50 = Variant.imageNet(.bottleneck, blocks: [3, 4, 6, 3], width: 64)
    package static let resnet101 = Variant.imageNet(.bottleneck, blocks: [3, 4, 23, 3], width: 64)
  }

  private let variant: Variant
  private let stem: ConvNormAct
  private let stages: [[ResidualBlock]]
  package let mapChannels: Int
  package let classifier = ClassifierStyle("fc")

  /// - Parameter stochasticDepth: the last block's rate; those before have less, down to none for the first.
  package init(
    _ variant: Variant, channels: Int, stochasticDepth: Double = 0, scope: ParameterScope
  ) {
    self.variant = variant
    let kind: ResidualBlock.Kind
    let blocks: [Int]
    let width: Int
    switch variant {
    case .imageNet(let choice, let counts, let base):
      (kind, blocks, width) = (choice, counts, base)
      stem = ConvNormAct(
        scope, ("conv1", "bn1"), channels: channels, filters: width, window: 7, stride: 2)
    case .cifar(let count):
      (kind, blocks, width) = (.basic, [count, count, count], 16)
      stem = ConvNormAct(scope, ("conv1", "bn1"), channels: channels, filters: width, window: 3)
    }
    var inputs = width
    var number = 0
    let count = blocks.reduce(0, +)
    let rates = StochasticDepth.rates(upTo: stochasticDepth, in: count - 1, blocks: count)
    var stages: [[ResidualBlock]] = []
    for (stage, count) in blocks.enumerated() {
      let width = width << stage
      stages.append(
        (0..<count).map { block in
          defer { (inputs, number) = (width * kind.expansion, number + 1) }
          return ResidualBlock(
            kind, scope["layer\(stage + 1)"][block], channels: inputs, width: width,
            stride: block == 0 && stage > 0 ? 2 : 1,
            passedOver: rates[number])
        })
    }
    self.stages = stages
    mapChannels = inputs
  }

  package func map(of images: Variable, on tape: Tape) -> Variable {
    let wide = tape.inParts(images) { images in
      var x = stem(images, on: tape)
      if case .imageNet = variant {
        x = maxPooling(x, window: 3, stride: 2, padding: 1, on: tape)
      }
      return stages[0](x, on: tape)
    }
    return stages.dropFirst().joined()(wide, on: tape)
  }
}
