import Images
import Support
import Testing

@Suite struct WebPFuzzTests {
  @Test func `WebPs are decoded, or refused`() throws {
    let names = [
      "lossless", "lossless-clear", "lossless-extended", "lossy", "lossy-clear", "webp-animated",
      "webp-exif-6", "webp-part", "webp-xmp",
    ]
    let words = ["RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "XMP "]
    let decoding = Decoding(background: FillColour([255]), mostPixels: 1 << 20)
    try Fuzzing.run(
      "webp", seeds: names.map { try Golden.bytes("formats/\($0).webp") },
      words: words.map { Array($0.utf8) }
    ) { input in
      let image = try Image(photo: input, path: "photo.webp", by: decoding)
      #expect(image.pixels.count == 3 * image.height * image.width)
      #expect(image.height * image.width <= decoding.mostPixels)
    }
  }
}
