import Testing
@testable import Experiments

@Suite struct HeatMapFolderTests {
  /// A slash or dot with a combining mark behind it is one Character of Swift.
  @Test(arguments: [
    ("photos/party.jpg", "1-party.png"), ("party", "1-party.png"), ("a.b/c", "1-c.png"),
    ("photos/a.b.jpg", "1-a.b.png"), ("photos/\u{301}a.jpg", "1-\u{301}a.png"),
    ("photos/a.\u{301}jpg", "1-a.png"), ("/a/\u{20E3}/\u{301}.jpg", "1-\u{301}.png"),
  ])
  func `a map is named for its photo, byte by byte`(photo: String, name: String) {
    let folder = HeatMapFolder(path: "maps", photos: [photo])
    #expect(Array(folder.name(ofPhoto: 0).utf8) == Array(name.utf8))
  }

  @Test func `numbers keep their order, and long names are cut`() {
    let folder = HeatMapFolder(
      path: "maps", photos: ["a/" + String(repeating: "😀", count: 60)] + (0..<99).map(String.init))
    #expect(folder.name(ofPhoto: 0) == "001-" + String(repeating: "😀", count: 50) + ".png")
    #expect(folder.name(ofPhoto: 99) == "100-98.png")
  }
}
