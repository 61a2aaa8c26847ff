import Images
import Tensors

/// The filters of a net's first layer, `[K, C, R, S]`, for images of another number of channels.
///
/// As timm's `adapt_input_conv`: one channel gets the sum over all, so that a grey photo gives what the
/// same photo in colour gave; of several, the old ones are repeated, and scaled so that their sum stays.
struct InputFilters {
  private let filters: Int
  private let channels: Int
  private let wanted: Int
  private let area: Int

  /// Nil when the shapes differ in more than their channels.
  init?(_ shape: Shape, as wanted: Shape) {
    guard shape.rank == 4, wanted.rank == 4, shape[0] == wanted[0], shape[2] == wanted[2],
      shape[3] == wanted[3], shape[1] > 0
    else { return nil }
    filters = shape[0]
    channels = shape[1]
    self.wanted = wanted[1]
    area = shape[2] * shape[3]
  }

  /// `[K, wanted, R, S]`
  func adapted(_ values: [Float]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(filters * wanted * area)
    for filter in 0..<filters {
      for channel in 0..<wanted {
        for place in 0..<area {
          func value(_ channel: Int) -> Float {
            values[(filter * channels + channel) * area + place]
          }
          result.append(
            wanted == 1
              ? (0..<channels).reduce(0) { $0 + value($1) }
              : value(channel % channels) * (Float(channels) / Float(wanted)))
        }
      }
    }
    return result
  }
}

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

extension ResamplingFilter {
  /// Filters the middle axis of `[outer, inputs, inner]`.
  fileprivate func applied(to values: [Float], outer: Int, inner: Int) -> [Float] {
    let inputs = values.count / (outer * inner)
    var result: [Float] = []
    result.reserveCapacity(outer * starts.count * inner)
    for block in 0..<outer {
      for (output, start) in starts.enumerated() {
        for place in 0..<inner {
          let sum = (0..<span).reduce(0.0) { sum, tap in
            let input = (block * inputs + start + tap) * inner + place
            return sum + weights[output * span + tap] * Double(values[input])
          }
          result.append(Float(sum))
        }
      }
    }
    return result
  }
}
