import Tensors

/// Loads pixels of `channels` channels, transformed if they are pending.
///
/// - Parameters:
///   - pixel: numbers from one pixel to the next in the source.
///   - place: the same in the destination.
///   - block: floats from one vector of channels to the next in the destination, where they may lie
///     apart.
func loadPixels<Number: StoredNumber>(
  _ count: Int, from source: UnsafePointer<Number>, pixel: Int,
  into destination: UnsafeMutablePointer<Float>, place: Int, block: Int = Vector.width,
  channels: Int, transform: UnownedTransform?
) {
  @inline(__always) func load(_ kind: UnownedTransform.Kind?) {
    for number in 0..<count {
      let values = source + number * pixel
      var target = destination + number * place
      var c = 0
      while c + Vector.width <= channels {
        transform.applied(to: Number.vector(at: values + c), channel: c, kind).store(target)
        c += Vector.width
        target += block
      }
      while c < channels {
        transform.applied(to: Number.float(at: values + c), channel: c, kind).store(target)
        c += 1
        target += 1
      }
    }
  }
  // A loop for each kind, since a choice in the loop costs as much as the rest of it.
  switch transform?.kind {
  case nil: load(nil)
  case .limits: load(.limits)
  case .curve: load(.curve)
  }
}

/// The same for numbers of any format.
func loadPixels(
  _ count: Int, from source: StoredNumbers, pixel: Int,
  into destination: UnsafeMutablePointer<Float>,
  place: Int, block: Int = Vector.width, channels: Int, transform: UnownedTransform?
) {
  func load<Number: StoredNumber>(_ number: Number.Type) {
    loadPixels(
      count, from: source.of(number), pixel: pixel, into: destination, place: place, block: block,
      channels: channels, transform: transform)
  }
  switch source.format {
  case .fp32: load(Float.self)
  case .bf16: load(BFloat16.self)
  case .fp16: load(Half.self)
  }
}

extension UnownedTransform? {
  /// - Parameter kind: the transform's, as a constant.
  @inline(__always) fileprivate func applied<L: Lanes>(
    to x: L, channel: Int, _ kind: UnownedTransform.Kind?
  ) -> L {
    guard let kind, let self else { return x }
    return self.applied(to: x, channel: channel, kind)
  }
}
