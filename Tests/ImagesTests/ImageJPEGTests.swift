import Support
import Testing

@testable import Images

@Suite struct ImageJPEGTests {
  @Test func `a JPEG is Pillow's`() throws {
    let image = try Golden.pixels("rgb-8", in: "formats")
    let written = try Image(photo: image.jpeg(quality: 75), path: "written")
    #expect(try written == Golden.photo("rgb-8-saved", in: "formats"))
    #expect(written.size == image.size)
  }

  @Test func `a better quality is nearer`() throws {
    let image = try Golden.pixels("rgb-8", in: "formats")
    let distances = try [30, 75, 100].map { quality in
      let written = try Image(photo: image.jpeg(quality: quality), path: "written")
      return zip(image.pixels, written.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(distances[0] > distances[1] && distances[1] > distances[2])
  }

  @Test func `grey pixels stay grey`() throws {
    let grey = Image(height: 3, width: 5, channels: 1, pixels: (0..<15).map { UInt8(16 * $0) })
    let written = try Image(photo: grey.jpeg(quality: 100), path: "written")
    for place in 0..<15 {
      #expect(abs(Int(written.pixels[3 * place]) - Int(grey.pixels[place])) <= 1)
    }
  }
}
