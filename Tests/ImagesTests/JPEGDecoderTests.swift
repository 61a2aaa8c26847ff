import Support
import Testing
@testable import Images

@Suite struct JPEGDecoderTests {
  @Test(arguments: [
    "420-odd", "422", "444", "cmyk", "grey", "junk-after-end", "junk-before-marker", "one-pixel",
    "orientation-1", "orientation-2", "orientation-3", "orientation-4", "orientation-5",
    "orientation-6", "orientation-7", "orientation-8", "progressive", "rgb", "tall", "wide",
    "high-orientation-3", "high-orientation-5", "high-orientation-6", "high-orientation-7",
    "high-orientation-8",
  ])
  func `pixels are Pillow's`(name: String) throws {
    let image = try Golden.photo(name)
    let expected = try Golden.pixels(name)
    #expect(image.size == expected.size)
    #expect(image.pixels == expected.pixels)
  }

  @Test(arguments: [
    "exif-behind-empty-exif", "exif-byte-order", "exif-in-two-blocks", "exif-named-twice",
    "exif-no-value", "exif-offset-beyond", "exif-other-42", "exif-two-values", "exif-type-1",
    "exif-type-13", "exif-type-3", "exif-type-4", "exif-type-8", "exif-type-9", "xmp-and-exif",
    "xmp-and-unknown-exif", "xmp-and-upright-exif", "xmp-attribute", "xmp-behind-empty-exif",
    "xmp-behind-other-tags", "xmp-element", "xmp-first-value", "xmp-last-packet", "xmp-nine",
    "xmp-single-quotes",
  ])
  func `a photo is turned as Pillow turns it, whichever block says so`(name: String) throws {
    #expect(try Golden.photo(name) == Golden.pixels(name))
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
    #expect(throws: PhotoError.undecodable(path: "\(name).jpg", .jpeg, message)) {
      try Golden.photo(name)
    }
  }

  @Test func `absurd size is refused before memory is taken`() throws {
    let size = ImageSize(height: 65500, width: 65500)
    #expect(throws: PhotoError.tooLarge(path: "absurd-size.jpg", size, most: 200_000_000)) {
      try Golden.photo("absurd-size")
    }
  }

  /// The photo with the second byte of a marker, the first of its kind, made another.
  private func marked(_ name: String, _ marker: UInt8, as other: UInt8) throws -> [UInt8] {
    var bytes = try Golden.bytes("images/\(name).jpg")
    let place = try #require(bytes.firstRange(of: [0xFF, marker]))
    bytes[place.lowerBound + 1] = other
    return bytes
  }

  @Test(
    arguments: [("420-odd", 0xC0, 0xC9), ("progressive", 0xC2, 0xCA)] as [(String, UInt8, UInt8)])
  func `arithmetic coding is refused by name`(
    name: String, frame: UInt8, arithmetic: UInt8
  ) throws {
    let bytes = try marked(name, frame, as: arithmetic)
    let error = #expect(throws: PhotoError.arithmetic(path: "a b.jpg")) {
      try Image(photo: bytes, path: "a b.jpg")
    }
    #expect(error?.description.hasSuffix("convert it: jpegtran -outfile NEW.jpg 'a b.jpg'") == true)
  }

  @Test(arguments: ["420-odd", "progressive"])
  func `a file that can't hold its pixels is refused before memory is taken`(name: String) throws {
    var bytes = try Golden.bytes("images/\(name).jpg")
    let frame = try #require(bytes.firstRange(of: [0xFF, name == "420-odd" ? 0xC0 : 0xC2]))
      .lowerBound
    // 12 megapixels.
    bytes.replaceSubrange((frame + 5)..<(frame + 9), with: [0x0B, 0xB8, 0x0F, 0xA0])
    #expect(
      throws: PhotoError.undecodable(
        path: name, .jpeg, "\(bytes.count) bytes can't hold 4000×3000 pixels")
    ) { try Image(photo: bytes, path: name) }
  }

  @Test(arguments: [(80, nil), (95, "more scans than any honest file has")] as [(Int, String?)])
  func `scans have an end`(copies: Int, message: String?) throws {
    var bytes = try Golden.bytes("images/progressive.jpg")
    // The seventh scan has the means' last bit, and says the same however often it is read.
    let starts = bytes.ranges(of: [0xFF, 0xDA]).map(\.lowerBound)
    let scan = Array(bytes[starts[6]..<starts[7]])
    for _ in 0..<copies { bytes.insert(contentsOf: scan, at: starts[6]) }
    if let message {
      #expect(throws: PhotoError.undecodable(path: "scans", .jpeg, message)) {
        try Image(photo: bytes, path: "scans")
      }
    } else {
      #expect(try Image(photo: bytes, path: "scans") == Golden.pixels("progressive"))
    }
  }

  /// In blocks: a photo of 12 megapixels with halved colours, the same of 48, and the largest.
  @Test(arguments: [(1, 100), (281_250, 100), (1_125_000, 59), (12_582_912, 20)])
  func `the more blocks, the fewer scans, but always more than programs write`(
    blocks: Int, scans: Int
  ) {
    #expect(Image.mostScans(ofBlocks: blocks) == scans)
  }

  @Test func `means that no scan brings are missed, and details aren't`() throws {
    let bytes = try Golden.bytes("images/progressive.jpg")
    let starts = bytes.ranges(of: [0xFF, 0xDA]).map(\.lowerBound)
    // The first scan has the means of all colours; behind it are the codes of the second.
    let codes = try #require(bytes[starts[0]...].firstRange(of: [0xFF, 0xC4])).lowerBound
    let (header, means, details) = (
      Array(bytes[..<starts[0]]), Array(bytes[starts[0]..<codes]), Array(bytes[codes..<starts[2]])
    )
    let end: [UInt8] = [0xFF, 0xD9]
    #expect(throws: PhotoError.undecodable(path: "cut", .jpeg, "a colour component is missing")) {
      try Image(photo: header + details + end, path: "cut")
    }
    let image = try Image(photo: header + means + details + end, path: "cut")
    #expect(image.size == ImageSize(height: 25, width: 33))
  }

  /// libjpeg's own list of markers takes a time that grows with the square of their number.
  @Test func `a file full of EXIF markers is read once`() throws {
    let photo = try Golden.bytes("images/orientation-6.jpg")
    let marker: [UInt8] = [0xFF, 0xE1, 0, 8] + Array("Exif\0\0".utf8)
    let many = [[UInt8]](repeating: marker, count: 200_000).joined()
    let image = try Image(photo: Array(photo[..<2]) + many + Array(photo[2...]), path: "markers")
    #expect(try image == Golden.pixels("orientation-6"))
  }

  @Test func `no flipped byte crashes the decoder`() throws {
    for name in ["420-odd", "orientation-6", "progressive", "cmyk"] {
      let bytes = try Golden.bytes("images/\(name).jpg")
      for place in stride(from: 2, to: bytes.count, by: 3) {
        var damaged = bytes
        damaged[place] ^= 0xA5
        _ = try? Image(photo: damaged, path: name)
      }
    }
  }
}
