import Images
import Support
import Testing

@Suite struct JPEGDecoderTests {
  @Test(arguments: [
    "420-odd", "422", "444", "cmyk", "exif-byte-order", "exif-offset-beyond", "grey",
    "junk-after-end", "junk-before-marker", "one-pixel", "orientation-1", "orientation-2",
    "orientation-3", "orientation-4", "orientation-5", "orientation-6", "orientation-7",
    "orientation-8", "progressive", "rgb", "tall", "wide",
  ])
  func `pixels are Pillow's`(name: String) throws {
    let image = try Golden.photo(name)
    let expected = try Golden.pixels(name)
    #expect(image.size == expected.size)
    #expect(image.pixels == expected.pixels)
  }

  @Test(arguments: [
    ("truncated", "Premature end of JPEG file"),
    ("truncated-header", "Premature end of JPEG file"),
    ("truncated-progressive", "Premature end of JPEG file"),
    ("without-end", "Premature end of JPEG file"),
    ("comment-without-end", "Premature end of JPEG file"),
    ("hole", "Corrupt JPEG data: premature end of data segment"),
  ])
  func `what lost data is refused, and libjpeg's reason is told`(
    name: String, message: String
  ) throws {
    #expect(throws: PhotoError.undecodable(path: "\(name).jpg", message)) {
      try Golden.photo(name)
    }
  }

  @Test func `absurd size is refused before memory is taken`() throws {
    #expect(throws: PhotoError.tooLarge(path: "absurd-size.jpg", width: 65500, height: 65500)) {
      try Golden.photo("absurd-size")
    }
  }

  @Test func `no flipped byte crashes the decoder`() throws {
    for name in ["420-odd", "orientation-6", "progressive", "cmyk"] {
      let bytes = try Golden.bytes("images/\(name).jpg")
      for place in stride(from: 2, to: bytes.count, by: 3) {
        var damaged = bytes
        damaged[place] ^= 0xA5
        _ = try? Image(jpeg: damaged, path: name)
      }
    }
  }
}
