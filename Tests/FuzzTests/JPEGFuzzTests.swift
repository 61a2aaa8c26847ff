import Images
import Support
import Testing

@Suite struct JPEGFuzzTests {
  /// What is in the file names no path, so each sentence begins with the given one.
  private func read(_ input: [UInt8]) throws {
    let image = try Image(photo: input, path: "photo.jpg")
    #expect(image.pixels.count == 3 * image.height * image.width)
    // A byte has a few hundred pixels at most, or the file was believed without a check.
    #expect(image.height * image.width <= 1024 * input.count)
  }

  private static func markers(_ second: [UInt8]) -> [[UInt8]] { second.map { [0xFF, $0] } }

  @Test func `photos are decoded, or refused`() throws {
    let names = [
      "420-odd", "422", "444", "cmyk", "grey", "junk-before-marker", "one-pixel", "progressive",
      "rgb", "tall",
    ]
    try Fuzzing.run(
      "jpeg", seeds: names.map { try Golden.bytes("images/\($0).jpg") },
      // Start, end, frames, codes, scans, restarts, line counts, fill bytes.
      words: Self.markers([
        0xD8, 0xD9, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC9, 0xCA, 0xDA, 0xDB, 0xDC, 0xDD, 0xD0, 0xFF,
      ]) + [[0xFF, 0xDD, 0, 4, 0, 1]],
      read)
  }

  @Test func `photos are turned, whatever their metadata say`() throws {
    let names = [
      "exif-in-two-blocks", "exif-named-twice", "exif-other-42", "exif-two-values", "exif-type-13",
      "high-orientation-6", "orientation-6", "orientation-8", "xmp-and-exif", "xmp-attribute",
      "xmp-behind-empty-exif", "xmp-element",
    ]
    let texts = [
      "Exif\0\0", "http://ns.adobe.com/xap/1.0/\0", "tiff:Orientation", "tiff:Orientation=\"8\"",
      ">", "MM\0*", "II*\0", "\u{12}\u{1}\u{3}\0",
    ]
    try Fuzzing.run(
      "metadata", seeds: names.map { try Golden.bytes("images/\($0).jpg") },
      words: Self.markers([0xE0, 0xE1]) + texts.map { Array($0.utf8) }, read)
  }
}
