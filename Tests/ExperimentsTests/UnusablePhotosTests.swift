import Images
import Testing
@testable import Experiments

@Suite struct UnusablePhotosTests {
  private static func photos(_ count: Int) -> [(path: String, sentence: String)] {
    (0..<count).map { number in
      let path = "photos/a b \(number).jpg"
      return (path, PhotoError.notPhoto(path: path, format: .image("HEIC")).description)
    }
  }

  @Test func `forty photos of another format are one line`() {
    let other = (path: "x.jpg", sentence: "x.jpg: has 3 bytes here")
    let lines = UnusablePhotos.lines([other] + Self.photos(40) + [other])
    #expect(
      lines == [
        "x.jpg: has 3 bytes here", "x.jpg: has 3 bytes here",
        "40 photos ('photos/a b 0.jpg', 'photos/a b 1.jpg', 'photos/a b 2.jpg', …): a HEIC image, no "
          + "JPEG, PNG or WebP; convert it: mogrify -format jpg FILE",
      ])
  }

  @Test func `three have lines of their own`() {
    #expect(UnusablePhotos.lines(Self.photos(3)) == Self.photos(3).map(\.sentence))
  }
}
