package import Images
package import Tensors

/// Where models look in a photo for the class that they say together.
package struct HeatMap: Sendable {
  /// Index into the dataset's samples.
  package let sample: Int
  /// As the first model sees it.
  package let photo: Image
  /// For each pixel 0 to 1: the mean of the models' maps, the largest value of each being 1. A map of
  /// zeros stays one.
  package let heat: [Float]

  /// - Parameters:
  ///   - maps: the models', `[N,H,W]`, of no negative numbers; their sizes may differ.
  ///   - row: the photo's.
  package init(sample: Int, photo: Image, maps: [Tensor], row: Int) {
    self.sample = sample
    self.photo = photo
    var heat = [Float](repeating: 0, count: photo.height * photo.width)
    for map in maps {
      for (pixel, value) in Self.scaled(map, row: row, to: photo.size).enumerated() {
        heat[pixel] += value / Float(maps.count)
      }
    }
    self.heat = heat
  }

  /// The photo under its heat, half of each: dark where the models don't look, bright where they do.
  package var overlay: Image {
    let pixels = photo.pixels.enumerated().map { place, value in
      let colour = ColourRamp.colour(of: heat[place / photo.channels])
      return UInt8((0.5 * (Float(value) + colour[place % photo.channels])).rounded())
    }
    return Image(
      height: photo.height, width: photo.width, channels: photo.channels, pixels: pixels)
  }

  /// An image's map divided by its largest value, with bilinear interpolation between the middles of
  /// its places, as PyTorch's `interpolate` without `align_corners`.
  private static func scaled(_ maps: Tensor, row: Int, to size: ImageSize) -> [Float] {
    let (height, width) = (maps.shape[1], maps.shape[2])
    let map = Array(maps.values[(row * height * width)..<((row + 1) * height * width)])
    let largest = map.max() ?? 0
    guard largest > 0, largest.isFinite else {
      return [Float](repeating: 0, count: size.height * size.width)
    }
    let (rows, columns) = (taps(from: height, to: size.height), taps(from: width, to: size.width))
    return rows.flatMap { y in
      columns.map { x in
        func between(_ row: Int) -> Float {
          let (left, right) = (map[row * width + x.first], map[row * width + x.second])
          return left + (right - left) * x.share
        }
        let (above, below) = (between(y.first), between(y.second))
        return (above + (below - above) * y.share) / largest
      }
    }
  }

  /// For each pixel the two places that it lies between, and the second's share.
  private static func taps(
    from places: Int, to pixels: Int
  ) -> [(first: Int, second: Int, share: Float)] {
    (0..<pixels).map { pixel in
      let position = max((Float(pixel) + 0.5) * Float(places) / Float(pixels) - 0.5, 0)
      let first = min(Int(position), places - 1)
      return (first, min(first + 1, places - 1), position - Float(first))
    }
  }
}
