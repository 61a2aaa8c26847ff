import Tensors

/// A vision transformer's position embedding, `[1, 1 + side², width]`: a row for the class token, then
/// a square of rows.
struct PositionEmbedding {
  private let side: Int
  private let width: Int

  /// Nil when the shape is no position embedding's.
  init?(_ shape: Shape) {
    guard shape.rank == 3, shape[0] == 1, shape[1] > 1 else { return nil }
    side = Int(Double(shape[1] - 1).squareRoot())
    width = shape[2]
    if side * side != shape[1] - 1 { return nil }
  }

  /// For another number of patches, bicubic with antialiasing: timm's `resample_abs_pos_embed`. Nil
  /// when the shape differs in more than that.
  func resampled(_ values: [Float], to shape: Shape) -> [Float]? {
    guard let wanted = PositionEmbedding(shape), wanted.width == width else { return nil }
    let filter = ResamplingFilter(from: side, to: wanted.side, .bicubic)
    let grid = Array(values.dropFirst(width))
    // `[side, side, width]` to `[side, wanted, width]` to `[wanted, wanted, width]`.
    let rows = filter.applied(to: grid, outer: side, inner: width)
    let square = filter.applied(to: rows, outer: 1, inner: wanted.side * width)
    return Array(values.prefix(width)) + square
  }
}
