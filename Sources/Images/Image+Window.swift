extension Image {
  /// The window of `size` whose upper left corner is at (`top`, `left`), which may lie outside: what the
  /// image doesn't reach is filled.
  func window(top: Int, left: Int, _ size: ImageSize, fill: FillColour = .black) -> Image {
    let rows = max(top, 0)..<max(min(top + size.height, height), max(top, 0))
    let columns = max(left, 0)..<max(min(left + size.width, width), max(left, 0))
    return mapped(height: size.height, width: size.width) { source, target in
      if rows.count < size.height || columns.count < size.width {
        fill.fill(target, size, channels: channels)
      }
      for y in rows {
        (target + ((y - top) * size.width + columns.lowerBound - left) * channels).update(
          from: source + (y * width + columns.lowerBound) * channels,
          count: columns.count * channels)
      }
    }
  }
}
