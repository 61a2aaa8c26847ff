extension Image {
  /// Each pixel's luminance in all channels: Pillow's `convert("L")`.
  package mutating func removeColour() {
    if channels == 1 { return }
    let area = height * width
    withMutablePixels { pixels in
      for pixel in 0..<area {
        let place = pixels + 3 * pixel
        let grey = luminance(place)
        for channel in 0..<3 { place[channel] = grey }
      }
    }
  }
}
