package import Tensors

/// What follows an affine map element by element.
package enum Activation: Sendable {
  case identity
  case relu
  /// min(max(x, 0), 6).
  case relu6
  /// x / (1 + e⁻ˣ): Elfwing et al., 2018; also called swish.
  case silu
  /// x · relu6(x + 3) / 6: Howard et al., "Searching for MobileNetV3", 2019.
  case hardSwish
  /// x · Φ(x), exact: Hendrycks and Gimpel, 2016.
  case gelu

  @inline(__always) func callAsFunction<L: Lanes>(_ x: L) -> L {
    switch self {
    case .identity: x
    case .relu: x.rectified()
    case .relu6: x.limited(0, 6)
    case .silu: x / (L(repeating: 1) + (L(repeating: 0) - x).exponential())
    case .hardSwish: x * Self.hardSigmoid(x)
    case .gelu: x * x.normalDistribution().below
    }
  }

  /// The gradient before the activation, from the one after it and the activation's input.
  @inline(__always) func gradient<L: Lanes>(_ gradient: L, at x: L) -> L {
    switch self {
    case .identity: return gradient
    case .relu: return gradient.passed(where: x)
    case .relu6: return gradient.passed(where: x).passed(where: L(repeating: 6) - x)
    case .silu:
      let s = x.sigmoid()
      return gradient * s.addingProduct(x * s, L(repeating: 1) - s)
    case .hardSwish:
      // The slope of the middle part where both ends of the ramp are away, else that of an end.
      let ramp = (x * L(repeating: 1 / 6)).passed(where: x + L(repeating: 3))
        .passed(where: L(repeating: 3) - x)
      return gradient * (Self.hardSigmoid(x) + ramp)
    case .gelu:
      let (below, density) = x.normalDistribution()
      return gradient * below.addingProduct(x, density)
    }
  }

  /// The ends to which it cuts values, if it does nothing else. Their minimum and maximum take an
  /// instruction each, and no jump.
  var limits: (low: Float, high: Float)? {
    switch self {
    case .identity: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    case .silu, .hardSwish, .gelu: nil
    }
  }

  /// Whether the gradient at the activation's output is that at its input.
  package var isGatedByOutput: Bool {
    switch self {
    case .identity, .relu, .relu6: true
    case .silu, .hardSwish, .gelu: false
    }
  }

  @inline(__always) static func hardSigmoid<L: Lanes>(_ x: L) -> L {
    ((x + L(repeating: 3)) * L(repeating: 1 / 6)).limited(0, 1)
  }
}

/// A normalisation and activation that is still to be applied to raw values, channel by channel:
/// `activation(x · scale + shift)`. Whoever loads the values applies it, so that the normalised
/// copy need not be written.
package struct ChannelTransform: Sendable {
  /// `[C]` each.
  package let scale: Tensor
  package let shift: Tensor
  package let activation: Activation

  package init(scale: Tensor, shift: Tensor, activation: Activation) {
    self.scale = scale
    self.shift = shift
    self.activation = activation
  }

  /// The same for the inner loops, which must not count references.
  var unowned: UnownedTransform {
    UnownedTransform(scale: scale.pointer, shift: shift.pointer, activation: activation)
  }
}

/// A transform's pointers; the caller keeps the `ChannelTransform` alive.
struct UnownedTransform {
  let scale: UnsafePointer<Float>
  let shift: UnsafePointer<Float>
  let activation: Activation
  let kind: Kind
  private let limits: (low: Float, high: Float)

  enum Kind {
    /// The activation cuts values to its limits.
    case limits
    /// It does more.
    case curve
  }

  init(scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, activation: Activation) {
    self.scale = scale
    self.shift = shift
    self.activation = activation
    limits = activation.limits ?? (-.infinity, .infinity)
    kind = activation.limits == nil ? .curve : .limits
  }

  /// The same for channels that are counted from `channel`.
  func from(channel: Int) -> UnownedTransform {
    UnownedTransform(scale: scale + channel, shift: shift + channel, activation: activation)
  }

  /// The transform of the channels from `channel` on before the activation, for `L.width` values.
  @inline(__always) func affine<L: Lanes>(_ x: L, channel: Int) -> L {
    L.load(shift + channel).addingProduct(x, L.load(scale + channel))
  }

  @inline(__always) func callAsFunction<L: Lanes>(_ x: L, channel: Int) -> L {
    applied(to: x, channel: channel, kind)
  }

  /// - Parameter kind: the transform's, as a constant where loops are written for each.
  @inline(__always) func applied<L: Lanes>(to x: L, channel: Int, _ kind: Kind) -> L {
    let y = affine(x, channel: channel)
    switch kind {
    case .limits: return y.limited(limits.low, limits.high)
    case .curve: return activation(y)
    }
  }
}
