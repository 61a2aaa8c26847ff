import Images
import Testing

@Suite struct LossyLibrariesTests {
  @Test func `pixels are Pillow's, whose digests these are`() {
    #expect(LossyLibraries.jpeg == "pixels 22561b4e77b5")
    #expect(LossyLibraries.webp == "pixels c42e40343bb7")
  }
}
