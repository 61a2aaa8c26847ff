extension Image {
  /// In its proportions, with its longer side so long.
  package func scaled(longerSide side: Int) -> Image {
    let longer = max(height, width)
    return Resize.resized(
      self,
      to: ImageSize(
        height: max(1, height * side / longer), width: max(1, width * side / longer)))
  }

  /// In its proportions, with its shorter side so long; one whose shorter side isn't longer stays as it is.
  /// Bit for bit what torchvision's `Resize(side)` makes of an image by Pillow.
  package func shrunk(shorterSide side: Int) -> Image {
    let shorter = min(height, width)
    guard shorter > side else { return self }
    return Resize.resized(
      self,
      to: ImageSize(
        height: Resize.length(of: height, shorter: shorter, becoming: side),
        width: Resize.length(of: width, shorter: shorter, becoming: side)))
  }

  /// As `scaled` for one that is larger; a smaller one stays as it is.
  package func thumbnail(longerSide side: Int) -> Image {
    scaled(longerSide: min(side, max(height, width)))
  }
}
