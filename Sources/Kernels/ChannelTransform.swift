package import Tensors

/// What follows an affine map element by element.
package enum Activation: Sendable {
  case identity
  case relu

  @inline(__always) func callAsFunction<L: Lanes>(_ x: L) -> L {
    switch self {
    case .identity: x
    case .relu: x.rectified()
    }
  }

  /// The gradient before the activation, from the one after it and the activation's input.
  @inline(__always) func gradient<L: Lanes>(_ gradient: L, at x: L) -> L {
    switch self {
    case .identity: gradient
    case .relu: gradient.passed(where: x)
    }
  }
}

/// A normalisation and activation that is still to be applied to raw values, channel by channel:
/// `activation(x · scale + shift)`. Whoever loads the values applies it, so that the normalised copy
/// need not be written.
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

  /// The transform of the channels from `channel` on before the activation, for `L.width` values.
  @inline(__always) func affine<L: Lanes>(_ x: L, channel: Int) -> L {
    L.load(shift + channel).addingProduct(x, L.load(scale + channel))
  }

  @inline(__always) func callAsFunction<L: Lanes>(_ x: L, channel: Int) -> L {
    activation(affine(x, channel: channel))
  }
}

/// `destination[c] = transform(source[c])` for `channels` values of one pixel.
@inline(__always) func loadPixel(
  _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>, channels: Int,
  transform: UnownedTransform?
) {
  guard let transform else {
    destination.update(from: source, count: channels)
    return
  }
  sweep(0..<channels, TransformStep(source: source, destination: destination, transform: transform))
}

private struct TransformStep: LaneStep {
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let transform: UnownedTransform

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    transform(L.load(source + c), channel: c).store(destination + c)
  }
}
