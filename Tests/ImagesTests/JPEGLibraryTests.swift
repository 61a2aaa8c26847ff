import Images
import Testing

@Suite struct JPEGLibraryTests {
  @Test func `libjpeg-turbo's pixels are Pillow's, whose digest this is`() {
    #expect(JPEGLibrary.description == "pixels 22561b4e77b5")
  }
}
