import CProcessor

extension Image {
  /// Each pixel's luminance in all channels: Pillow's `convert("L")`.
  package mutating func removeColour() {
    if channels == 1 { return }
    mapPixels { pixels in
      let grey = tutti_luminance(pixels)
      return tutti_pixels(grey, grey, grey)
    }
  }
}
