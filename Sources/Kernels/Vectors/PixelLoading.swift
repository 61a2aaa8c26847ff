/// Loads pixels of `channels` channels, transformed if they are pending.
///
/// - Parameters:
///   - pixel: floats from one pixel to the next in the source.
///   - place: the same in the destination.
///   - block: floats from one vector of channels to the next in the destination, where they may lie
///     apart.
func loadPixels(
  _ count: Int, from source: UnsafePointer<Float>, pixel: Int,
  into destination: UnsafeMutablePointer<Float>, place: Int, block: Int = Vector.width,
  channels: Int, transform: UnownedTransform?
) {
  @inline(__always) func load(_ kind: UnownedTransform.Kind?) {
    for number in 0..<count {
      let values = source + number * pixel
      var target = destination + number * place
      var c = 0
      while c + Vector.width <= channels {
        transform.applied(to: Vector.load(values + c), channel: c, kind).store(target)
        c += Vector.width
        target += block
      }
      while c < channels {
        transform.applied(to: values[c], channel: c, kind).store(target)
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

extension UnownedTransform? {
  /// - Parameter kind: the transform's, as a constant.
  @inline(__always) fileprivate func applied<L: Lanes>(
    to x: L, channel: Int, _ kind: UnownedTransform.Kind?
  ) -> L {
    guard let kind, let self else { return x }
    return self.applied(to: x, channel: channel, kind)
  }
}
