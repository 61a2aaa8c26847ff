/// How a vision transformer's position embedding `[1, 1 + side², C]`, a row for the class token and then a
/// square of rows, is seen by images of height × width patches.
///
/// Of another number of patches it is interpolated, bicubic with antialiasing: timm's
/// `resample_abs_pos_embed`.
package struct PositionGrid {
  package let height: Int
  package let width: Int
  /// Whether there is a row for each patch.
  private let isAsItIs: Bool
  private let side: Int
  private let channels: Int

  package init(_ shape: Shape, height: Int, width: Int) {
    let patches = shape[1] - 1
    isAsItIs = height * width == patches
    side = Int(Double(patches).squareRoot())
    precondition(isAsItIs || side * side == patches, "a position embedding \(shape)")
    channels = shape[2]
    self.height = height
    self.width = width
  }

  /// For an embedding of another shape; nil where more differs than the side of the square.
  package init?(_ shape: Shape, as wanted: Shape) {
    guard let own = Self.square(shape), let other = Self.square(wanted),
      own.channels == other.channels
    else { return nil }
    self.init(shape, height: other.side, width: other.side)
  }

  /// Nil when the shape is no position embedding's.
  private static func square(_ shape: Shape) -> (side: Int, channels: Int)? {
    guard shape.rank == 3, shape[0] == 1, shape[1] > 1 else { return nil }
    let side = Int(Double(shape[1] - 1).squareRoot())
    return side * side == shape[1] - 1 ? (side, shape[2]) : nil
  }

  private var down: ResamplingFilter { ResamplingFilter(from: side, to: height, .bicubic) }
  private var across: ResamplingFilter { ResamplingFilter(from: side, to: width, .bicubic) }

  /// `[1 + height · width, C]` of the embedding.
  package func resampled(_ embedding: Tensor) -> Tensor {
    if isAsItIs { return embedding }
    let values = embedding.values
    let token = values.prefix(channels)
    // `[side, side, C]` to `[side, width, C]` to `[height, width, C]`.
    let rows = across.applied(
      to: Array(values.dropFirst(channels)), outer: side, inner: channels)
    let grid = down.applied(to: rows, outer: 1, inner: width * channels)
    return Tensor(Array(token) + grid, shape: [1 + height * width, channels])
  }

  /// The embedding's gradient `[1 + side², C]`, of that of what it became.
  package func gradient(of gradient: Tensor) -> Tensor {
    if isAsItIs { return gradient }
    let values = gradient.values
    let rows = down.gradient(
      of: Array(values.dropFirst(channels)), inputs: side, outer: 1, inner: width * channels)
    let grid = across.gradient(of: rows, inputs: side, outer: side, inner: channels)
    return Tensor(Array(values.prefix(channels)) + grid, shape: [1 + side * side, channels])
  }
}
