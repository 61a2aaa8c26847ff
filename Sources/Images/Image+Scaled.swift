extension Image {
  /// In its proportions, with its longer side so long.
  package func scaled(longerSide side: Int) -> Image {
    let longer = max(height, width)
    return Resize.resized(
      self,
      to: ImageSize(
        height: max(1, height * side / longer), width: max(1, width * side / longer)))
  }

  /// The same for one that is larger; a smaller one stays as it is.
  package func thumbnail(longerSide side: Int) -> Image {
    scaled(longerSide: min(side, max(height, width)))
  }
}
