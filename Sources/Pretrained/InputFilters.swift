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
