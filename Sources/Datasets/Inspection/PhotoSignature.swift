import Files
package import Images

/// What copies of a photo are known by.
package struct PhotoSignature: Codable, Equatable, Sendable {
  /// The first half of the SHA-256 of its size and pixels, in hexadecimal: equal for exact copies.
  package let pixels: String
  /// Of the photo and of its mirror image; nil where it is of one colour, or nearly so.
  package let hash: PerceptualHash?
  package let mirrored: PerceptualHash?

  package init(_ image: Image) {
    let size = Array("\(image.height) \(image.width) \(image.channels) ".utf8)
    pixels = String(Digest.hex(of: size + image.pixels).prefix(32))
    let hashes = PerceptualHash.both(of: image)
    (hash, mirrored) = (hashes?.own, hashes?.mirrored)
  }
}
