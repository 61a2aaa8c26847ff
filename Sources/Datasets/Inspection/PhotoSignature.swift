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
    let digest = Digest()
    Array("\(image.height) \(image.width) \(image.channels) ".utf8).withUnsafeBytes {
      digest.update($0)
    }
    image.withPixels { digest.update(UnsafeRawBufferPointer(start: $0, count: image.count)) }
    pixels = String(digest.hex.prefix(32))
    let hashes = PerceptualHash.both(of: image)
    (hash, mirrored) = (hashes?.own, hashes?.mirrored)
  }
}
