import Images
import Support
import Testing

@Suite struct ImagePNGTests {
  @Test(arguments: [(1, 1, 3), (2, 5, 1), (7, 3, 3), (60, 300, 3)])
  func `pixels come back`(height: Int, width: Int, channels: Int) throws {
    let pixels = (0..<(height * width * channels)).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let image = Image(height: height, width: width, channels: channels, pixels: pixels)
    let file = try PNGFile(image.png())
    #expect((file.height, file.width, file.channels) == (height, width, channels))
    #expect(file.pixels == pixels)
  }
}
