import CZlib
import Images
import Support
import Testing

@Suite struct PNGFuzzTests {
  @Test func `PNGs are decoded, or refused`() throws {
    let names = [
      "animated", "exif-6", "exif-in-text", "grey-1-interlaced", "grey-16-clear", "other-chunks",
      "palette-4-clear", "palette-8", "parts", "rgb-16", "rgba-8-interlaced", "xmp",
    ]
    let words = [
      "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf", "iTXt", "zTXt", "tEXt", "iCCP",
      "Raw profile type exif\0\0", "XML:com.adobe.xmp\0\0\0\0\0", "tiff:Orientation=\"6\"",
    ]
    try Fuzzing.run(
      "png", seeds: names.map { try Golden.bytes("formats/\($0).png") },
      words: words.map { Array($0.utf8) }, mending: PNGChecksums.mend
    ) { input in
      let image = try Image(photo: input, path: "photo.png")
      #expect(image.pixels.count == 3 * image.height * image.width)
      // Eight one-bit pixels a byte, which deflate makes of a thousandth of it.
      #expect(image.height * image.width <= 8 * 1032 * (input.count + 1))
    }
  }
}

/// Checksums that hold for changed chunks: otherwise nothing but them would be tested.
enum PNGChecksums {
  /// Of the chunks as far as their lengths lead.
  static func mend(_ png: inout [UInt8]) {
    var start = 8
    while start + 12 <= png.count {
      let length = png[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
      let end = start + 8 + length
      guard end + 4 <= png.count else { return }
      let body = Array(png[(start + 4)..<end])
      let checksum = UInt32(truncatingIfNeeded: crc32(0, body, UInt32(body.count)))
      png.replaceSubrange(
        end..<(end + 4), with: withUnsafeBytes(of: checksum.bigEndian) { Array($0) })
      start = end + 4
    }
  }
}
