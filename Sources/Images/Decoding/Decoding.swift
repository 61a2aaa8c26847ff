import Files

/// How photos become pixels, where their files leave a choice.
package struct Decoding: Equatable, Sendable {
  /// What shows through where a photo is transparent.
  package var background = FillColour([255])
  /// The most pixels a photo may have: it is refused before memory is taken for more.
  package var mostPixels = usualMegapixels * 1_000_000

  /// 600 MB decoded.
  package static let usualMegapixels = 200

  /// As in a JPEG; what is computed from a photo takes memory for its sides, too.
  package static let longestSide = 65_535

  package init() {}

  package init(background: FillColour, mostPixels: Int) {
    self.background = background
    self.mostPixels = mostPixels
  }

  /// Refuses a photo that is too large, whose pixels its file can't hold, or for which there is no memory.
  ///
  /// - Parameters:
  ///   - canHold: whether so many pixels fit into the file at the format's best.
  ///   - scratch: bytes that are needed beside the pixels.
  func check(
    _ size: ImageSize, of file: Int, path: String, format: FileFormat, canHold: Bool,
    scratch: Int = 0
  ) throws(PhotoError) {
    let area = size.height * size.width
    guard area <= mostPixels else { throw .tooLarge(path: path, size, most: mostPixels) }
    guard max(size.height, size.width) <= Self.longestSide else {
      throw .undecodable(
        path: path, format,
        "a side of \(size.width)×\(size.height) pixels is longer than \(Self.longestSide)")
    }
    guard canHold else {
      throw .undecodable(
        path: path, format, "\(file) bytes can't hold \(size.width)×\(size.height) pixels")
    }
    let bytes = 3 * area + scratch
    guard ProcessMemory.canTake(bytes) else { throw .noMemory(path: path, bytes: bytes) }
  }
}
