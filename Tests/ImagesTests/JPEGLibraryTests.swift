import Images
import Testing

@Suite struct JPEGLibraryTests {
  @Test("libjpeg-turbo's pixels are Pillow's, whose digest this is") func pixels() {
    #expect(JPEGLibrary.description == "pixels 22561b4e77b5")
  }
}
