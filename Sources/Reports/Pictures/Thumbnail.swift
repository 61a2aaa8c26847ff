import FoundationEssentials
package import Images

/// A small picture inside a page.
package struct Thumbnail: Codable, Sendable {
  /// A JPEG in base64.
  private let jpeg: String
  private let width: Int
  private let height: Int

  /// - Parameters:
  ///   - side: the longer one, in pixels.
  ///   - quality: of the JPEG, to 100.
  /// - Throws: `JPEGError`.
  package init(_ image: Image, side: Int, quality: Int = 75) throws {
    let small = image.thumbnail(longerSide: side)
    jpeg = Data(try small.jpeg(quality: quality)).base64EncodedString()
    (width, height) = (small.width, small.height)
  }

  /// - Parameter description: for those who can't see it.
  func html(_ description: String) -> HTML {
    """
    <img src="data:image/jpeg;base64,\(jpeg)" width="\(width)" height="\(height)" alt="\(description)">
    """
  }
}
