import Datasets
import Foundation
import Support
import Testing

@Suite struct DatasetPatternsTests {
  private let photos = "\(Golden.folder)/photos"

  @Test(arguments: [
    ("disc/0?.jpg", 10), ("disc/*.jpg", 14), ("[cd]*/*0.jpg", 3), ("*", 3), ("*/0[0-2].jpg", 9),
  ])
  func `matches in order`(pattern: String, count: Int) throws {
    let found = try Dataset.expandingPatterns(["first.jpg", "\(photos)/\(pattern)", "last.jpg"])
    #expect(found.count == count + 2, "\(found)")
    #expect(found.first == "first.jpg" && found.last == "last.jpg")
    let matches = found.dropFirst().dropLast()
    #expect(Array(matches) == matches.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(matches.allSatisfy { FileManager.default.fileExists(atPath: $0) })
  }

  @Test(arguments: ["disc/*.tiff", "dics/*.jpg", "*/07.jpg/*.jpg"])
  func `what matches nothing is named`(end: String) {
    let pattern = "\(photos)/\(end)"
    #expect(throws: FolderError.noMatch(pattern)) { try Dataset.expandingPatterns([pattern]) }
    #expect(FolderError.noMatch(pattern).description == "\(pattern): matches no file or folder")
  }

  @Test func `a file may have a pattern's name`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["[1].jpg", "1.jpg"] { try Data().write(to: URL(filePath: "\(folder)/\(name)")) }
    #expect(try Dataset.expandingPatterns(["\(folder)/[1].jpg"]) == ["\(folder)/[1].jpg"])
    #expect(try Dataset.expandingPatterns(["\(folder)/[12].jpg"]) == ["\(folder)/1.jpg"])
  }
}
