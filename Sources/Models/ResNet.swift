package import Differentiation
import Kernels
package import NeuralNetworks

/// The two-convolution residual block of He et al., "Deep residual learning for image recognition",
/// 2015, figure 5 left; torchvision's `BasicBlock`.
struct BasicBlock {
  private let first: ConvNormAct
  private let second: ConvNormAct
  /// The 1×1 projection where the extent or the channels change (option B).
  private let downsample: ConvNormAct?

  init(_ scope: ParameterScope, channels: Int, filters: Int, stride: Int) {
    first = ConvNormAct(
      scope, ("conv1", "bn1"), channels: channels, filters: filters, window: 3, stride: stride)
    second = ConvNormAct(
      scope, ("conv2", "bn2"), channels: filters, filters: filters, window: 3)
    downsample =
      stride == 1 && channels == filters
      ? nil
      : ConvNormAct(
        scope["downsample"], ("0", "1"), channels: channels, filters: filters, window: 1,
        stride: stride, activation: .identity)
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    let shortcut = downsample?(x, on: tape) ?? x
    return second(first(x, on: tape), adding: shortcut, on: tape)
  }
}

/// A residual network of basic blocks, with torchvision's parameter names.
package struct ResNet: Network {
  /// The nets that differ in their stem, their stages and nothing else.
  package enum Variant: Sendable {
    /// For photographs (table 1 of the paper): 7×7 stem with stride 2 and max pooling, four stages.
    case imageNet(blocks: [Int], width: Int)
    /// For images of 28 to 32 pixels (section 4.2): 3×3 stem, three stages of 16, 32 and 64
    /// channels; 6n + 2 layers.
    case cifar(blocks: Int)

    package static let resnet18 = Variant.imageNet(blocks: [2, 2, 2, 2], width: 64)
  }

  private let variant: Variant
  private let stem: ConvNormAct
  private let stages: [[BasicBlock]]
  private let head: Linear

  package init(_ variant: Variant, channels: Int, classes: Int, scope: ParameterScope) {
    self.variant = variant
    let blocks: [Int]
    let width: Int
    switch variant {
    case .imageNet(let counts, let base):
      (blocks, width) = (counts, base)
      stem = ConvNormAct(
        scope, ("conv1", "bn1"), channels: channels, filters: width, window: 7, stride: 2)
    case .cifar(let count):
      (blocks, width) = ([count, count, count], 16)
      stem = ConvNormAct(scope, ("conv1", "bn1"), channels: channels, filters: width, window: 3)
    }
    var inputs = width
    var stages: [[BasicBlock]] = []
    for (stage, count) in blocks.enumerated() {
      let filters = width << stage
      stages.append(
        (0..<count).map { block in
          defer { inputs = filters }
          return BasicBlock(
            scope["layer\(stage + 1)"][block], channels: inputs, filters: filters,
            stride: block == 0 && stage > 0 ? 2 : 1)
        })
    }
    self.stages = stages
    head = Linear(scope["fc"], inputs: inputs, outputs: classes)
  }

  package func callAsFunction(_ images: Variable, on tape: Tape) -> Variable {
    var x = stem(images, on: tape)
    if case .imageNet = variant {
      x = maxPooling(x, window: 3, stride: 2, padding: 1, on: tape)
    }
    for stage in stages {
      for block in stage { x = block(x, on: tape) }
    }
    return head(globalAveragePooling(x, on: tape), on: tape)
  }
}
