import Differentiation
import Kernels
import NeuralNetworks

/// The inverted residual block of Sandler et al., "MobileNetV2", 2018, figure 3b: expand with 1×1,
/// filter each channel, project with 1×1 and no activation. With squeeze-and-excitation before the
/// projection it is EfficientNet's MBConv. timm's `InvertedResidual`, and without expansion its
/// `DepthwiseSeparableConv`.
struct InvertedResidual {
  /// What a family's blocks have in common.
  struct Style {
    /// As the lite nets are: ReLU6, no squeeze-and-excitation, TensorFlow's padding and epsilon.
    let isLite: Bool

    func unit(
      _ scope: ParameterScope, _ names: (convolution: String, norm: String), channels: Int,
      filters: Int, window: Int, stride: Int = 1, isDepthwise: Bool = false,
      isActivated: Bool = true
    ) -> ConvNormAct {
      ConvNormAct(
        scope, names, channels: channels, filters: filters, window: window, stride: stride,
        padding: isLite ? .same : .symmetric, isDepthwise: isDepthwise,
        epsilon: isLite ? 1e-3 : 1e-5,
        activation: !isActivated ? .identity : isLite ? .relu6 : .silu)
    }
  }

  private let expand: ConvNormAct?
  private let depthwise: ConvNormAct
  private let excite: SqueezeExcite?
  private let project: ConvNormAct
  private let isResidual: Bool

  init(
    _ style: Style, _ scope: ParameterScope, channels: Int, filters: Int, expansion: Int,
    window: Int, stride: Int
  ) {
    let width = channels * expansion
    let isExpanding = expansion > 1
    expand =
      isExpanding
      ? style.unit(scope, ("conv_pw", "bn1"), channels: channels, filters: width, window: 1) : nil
    depthwise = style.unit(
      scope, ("conv_dw", isExpanding ? "bn2" : "bn1"), channels: width, filters: width,
      window: window, stride: stride, isDepthwise: true)
    excite =
      style.isLite
      ? nil : SqueezeExcite(scope["se"], channels: width, reduced: channels / 4)
    project = style.unit(
      scope, isExpanding ? ("conv_pwl", "bn3") : ("conv_pw", "bn2"), channels: width,
      filters: filters, window: 1, isActivated: false)
    isResidual = stride == 1 && channels == filters
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    var y = depthwise(expand?(x, on: tape) ?? x, on: tape)
    if let excite { y = excite(y, on: tape) }
    return isResidual ? project(y, adding: x, on: tape) : project(y, on: tape)
  }
}
