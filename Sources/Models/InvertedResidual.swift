import Differentiation
import Kernels
import NeuralNetworks

/// The inverted residual block of Sandler et al., "MobileNetV2", 2018, figure 3b: expand with 1×1,
/// filter each channel, project with 1×1 and no activation. With squeeze-and-excitation before the
/// projection it is EfficientNet's MBConv and MobileNetV3's block. timm's `InvertedResidual`, and
/// without expansion its `DepthwiseSeparableConv`.
struct InvertedResidual: Block {
  /// What a net's convolutions have in common.
  struct Style {
    let activation: Activation
    var padding = Convolution.Padding.symmetric
    var epsilon = 1e-5

    /// - Parameter activation: the style's own if nil.
    func unit(
      _ scope: ParameterScope, _ names: (convolution: String, norm: String), channels: Int,
      filters: Int, window: Int, stride: Int = 1, groups: Int = 1, activation: Activation? = nil
    ) -> ConvNormAct {
      ConvNormAct(
        scope, names, channels: channels, filters: filters, window: window, stride: stride,
        padding: padding, groups: groups, epsilon: epsilon,
        activation: activation ?? self.activation)
    }
  }

  private let expand: ConvNormAct?
  private let depthwise: ConvNormAct
  private let excite: SqueezeExcite?
  private let project: ConvNormAct
  private let isResidual: Bool
  private let depth: StochasticDepth

  /// - Parameters:
  ///   - width: channels inside; without expansion, `channels`.
  ///   - passedOver: the rate of stochastic depth.
  ///   - excitation: the squeeze-and-excitation's fewest channels and its functions, if there is one.
  init(
    _ style: Style, _ scope: ParameterScope, channels: Int, width: Int, filters: Int, window: Int,
    stride: Int, passedOver: Double,
    excitation: (reduced: Int, functions: SqueezeExciteFunctions)?
  ) {
    depth = StochasticDepth(scope, rate: passedOver)
    let isExpanding = width != channels
    expand =
      isExpanding
      ? style.unit(scope, ("conv_pw", "bn1"), channels: channels, filters: width, window: 1) : nil
    depthwise = style.unit(
      scope, ("conv_dw", isExpanding ? "bn2" : "bn1"), channels: width, filters: width,
      window: window, stride: stride, groups: width)
    excite = excitation.map {
      SqueezeExcite(scope["se"], channels: width, reduced: $0.reduced, functions: $0.functions)
    }
    project = style.unit(
      scope, isExpanding ? ("conv_pwl", "bn3") : ("conv_pw", "bn2"), channels: width,
      filters: filters, window: 1, activation: .identity)
    isResidual = stride == 1 && channels == filters
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    var y = depthwise(expand?(x, on: tape) ?? x, on: tape)
    if let excite { y = excite(y, on: tape) }
    return isResidual ? project(y, depth, adding: x, on: tape) : project(y, on: tape)
  }
}

extension Int {
  /// The nearest multiple of eight that isn't more than a tenth too small, as the mobile nets round
  /// their channels.
  static func channels(near count: Double) -> Int {
    let rounded = Swift.max(8, Int(count + 4) / 8 * 8)
    return Double(rounded) < 0.9 * count ? rounded + 8 : rounded
  }
}
