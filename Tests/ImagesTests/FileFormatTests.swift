import Images
import Testing

@Suite struct FileFormatTests {
  private static let files: [([UInt8], FileFormat)] = [
    ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
    ([0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A], .png),
    (Array("GIF89a".utf8), .image("GIF")),
    (Array("BM".utf8) + [0x46, 0, 0, 0], .image("BMP")),
    (Array("RIFF".utf8) + [4, 0, 0, 0] + Array("WEBPVP8 ".utf8), .webp),
    (Array("II*\0".utf8), .image("TIFF")),
    (Array("MM\0*".utf8), .image("TIFF")),
    ([0, 0, 0, 24] + Array("ftypheic".utf8), .image("HEIC")),
    ([0, 0, 0, 24] + Array("ftypmif1".utf8), .image("HEIC")),
    ([0, 0, 0, 24] + Array("ftypavif".utf8), .image("AVIF")),
    (Array("\n <!DOCTYPE html><p>404".utf8), .html),
    (Array("version https://git-lfs\nü".utf8), .text("version https://git-lfs ü")),
    (Array("BMW".utf8), .text("BMW")),
    ([], .empty),
    ([0, 1, 0xAB], .unknown("00 01 ab")),
  ]

  @Test(arguments: files)
  func `the first bytes tell the format`(bytes: [UInt8], format: FileFormat) {
    #expect(FileFormat(of: bytes) == format)
  }

  @Test(arguments: files.filter { !$0.1.isPhoto })
  func `a file that is no photo is told with what to do`(bytes: [UInt8], format: FileFormat) {
    let error = #expect(throws: PhotoError.self) { try Image(photo: bytes, path: "my cat.jpg") }
    #expect(error == .notPhoto(path: "my cat.jpg", format: format))
    let text = error?.description ?? ""
    #expect(text.hasPrefix("my cat.jpg: "))
    #expect(!text.contains("\n"))
    if case .image(let name) = format {
      #expect(text.contains(name) && text.hasSuffix("mogrify -format jpg 'my cat.jpg'"))
    }
  }
}
