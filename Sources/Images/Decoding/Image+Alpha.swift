extension Image {
  /// Pixels of red, green, blue and alpha over a background, rounded to the nearest, as Pillow's
  /// `alpha_composite` does; those without alpha as they are.
  func composed(over background: FillColour) -> Image {
    if channels == 3 { return self }
    var composed = Image(uninitialized: size, channels: 3)
    let colours = (0..<3).map { UInt32(background.byte($0)) }
    withPixels { rgba in
      composed.withMutablePixels { rgb in
        for pixel in 0..<(height &* width) {
          let alpha = UInt32(rgba[4 &* pixel &+ 3])
          for channel in 0..<3 {
            let sum =
              UInt32(rgba[4 &* pixel &+ channel]) &* alpha
              &+ colours[channel] &* (255 &- alpha) &+ 128
            rgb[3 &* pixel &+ channel] = UInt8(truncatingIfNeeded: (sum &+ sum >> 8) >> 8)
          }
        }
      }
    }
    return composed
  }
}
