import Images
import Reports

/// Pairs of pictures side by side, row by row: each photo, and what a training makes of it.
struct ContactSheet {
  /// Pairs in a row.
  private static let columns = 4
  /// Between pairs, and around all.
  private static let gap = 16

  let image: Image

  /// - Parameter side: of each picture; photos are shown whole, in their proportions.
  init(_ samples: [Preview.Sample], side: Int) {
    let rows = (samples.count + Self.columns - 1) / Self.columns
    let (width, height) = (2 * side + 2 + Self.gap, side + Self.gap)
    let columns = min(samples.count, Self.columns)
    var sheet = Image(
      filled: 255, ImageSize(height: rows * height + Self.gap, width: columns * width + Self.gap),
      channels: 3)
    for (number, sample) in samples.enumerated() {
      let top = Self.gap + number / Self.columns * height
      let left = Self.gap + number % Self.columns * width
      let before = sample.before.scaled(longerSide: side)
      sheet.paste(before, top: top, left: left + side - before.width)
      let after = Resize.resized(sample.after, to: ImageSize(height: side, width: side))
      sheet.paste(after, top: top, left: left + side + 2)
    }
    image = sheet
  }
}
