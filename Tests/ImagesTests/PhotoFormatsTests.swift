import Files
import Support
import Testing

@testable import Images

/// PNGs and WebPs of all kinds beside Pillow; `Golden/formats.py` made them.
@Suite struct PhotoFormatsTests {
  /// Grey, coloured, with a palette, of all depths; interlaced; with alpha, or a transparent colour; and what
  /// other chunks do.
  private static let pngs =
    ["grey-1", "grey-2", "grey-4", "grey-8", "grey-16", "rgb-8", "rgb-16"].flatMap {
      [$0, "\($0)-interlaced", "\($0)-clear"]
    }
    + ["palette-1", "palette-2", "palette-4", "palette-8"].flatMap {
      [$0, "\($0)-interlaced", "\($0)-clear"]
    }
    + ["grey-alpha-8", "grey-alpha-16", "rgba-8", "rgba-16"].flatMap { [$0, "\($0)-interlaced"] }
    + (1...8).map { "exif-\($0)" }
    + [
      "animated", "exif-behind", "exif-in-text", "one-pixel", "one-pixel-interlaced",
      "other-chunks",
      "parts", "spoilt-comment", "xmp", "xmp-and-exif",
    ]

  private static let webps =
    [
      "grey", "lossless", "lossless-clear", "lossless-exact", "lossless-extended", "lossy",
      "lossy-best", "lossy-clear", "lossy-one-pixel", "webp-animated", "webp-animated-clear",
      "webp-part", "webp-part-opaque", "webp-xmp",
    ] + (1...8).map { "webp-exif-\($0)" }

  private func photo(_ file: String, by decoding: Decoding = Decoding()) throws -> Image {
    try Image(photo: Golden.bytes("formats/\(file)"), path: file, by: decoding)
  }

  @Test(arguments: pngs.map { "\($0).png" } + webps.map { "\($0).webp" })
  func `pixels are Pillow's`(file: String) throws {
    let image = try photo(file)
    let expected = try Golden.pixels(file.pieces(at: ".")[0], in: "formats")
    #expect(image.size == expected.size)
    #expect(image.pixels == expected.pixels)
  }

  @Test func `what is transparent shows the background`() throws {
    let decoding = Decoding(background: FillColour([10, 20, 200]), mostPixels: 143)
    #expect(try photo("blue.webp", by: decoding) == Golden.pixels("blue", in: "formats"))
  }

  @Test(arguments: [
    ("cut.png", FileFormat.png, "the file ends early"),
    ("without-end.png", .png, "the file ends early"),
    ("spoilt-pixels.png", .png, "IDAT: CRC error"),
    ("missing-row.png", .png, "Not enough image data"),
    ("long-side.png", .png, "a side of 70000×1 pixels is longer than 65535"),
    ("cut.webp", .webp, "it ends early or is none inside"),
    ("spoilt.webp", .webp, "it ends early or is none inside"),
  ])
  func `what lost data is refused`(file: String, format: FileFormat, message: String) throws {
    #expect(throws: PhotoError.undecodable(path: file, format, message)) { try photo(file) }
  }

  @Test(arguments: ["rgb-8.png", "lossless.webp"])
  func `a photo that is too large is refused`(file: String) throws {
    let decoding = Decoding(background: FillColour([255]), mostPixels: 142)
    #expect(
      throws: PhotoError.tooLarge(path: file, ImageSize(height: 11, width: 13), most: 142)
    ) { try photo(file, by: decoding) }
  }

  @Test func `a PNG that can't hold its pixels is refused before memory is taken`() throws {
    let file = "absurd-size.png"
    let count = try Golden.bytes("formats/\(file)").count
    #expect(
      throws: PhotoError.undecodable(
        path: file, .png, "\(count) bytes can't hold 10000×10000 pixels")
    ) { try photo(file) }
  }
}
