extension Image {
  /// Each pixel's luminance in all channels: Pillow's `convert("L")`.
  package mutating func removeColour() {
    if channels == 1 { return }
    mapPixels { pixels in
      let grey = pixels.luminance
      return EightPixels(red: grey, green: grey, blue: grey)
    }
  }
}
