import Support
import Testing
@testable import Datasets

@Suite struct PhotoFindingTests {
  @Test func `every way of being damaged is found, and named once`() throws {
    let folder = try Scratch()
    for name in ["420-odd", "truncated", "without-end", "hole"] {
      try folder.write(Golden.bytes("images/\(name).jpg"), to: "a/\(name).jpg")
    }
    try folder.write("hello".utf8, to: "b/text.jpg")
    let dataset = try Dataset.open(path: folder.path)
    let findings = dataset.samples.indices.map { dataset.check($0) }
    #expect(
      zip(dataset.samples, findings).filter { $1.problem == nil }.map(\.0.path) == ["a/420-odd.jpg"]
    )
    #expect(findings[0].height > 0 && findings[0].width > 0)
    #expect(
      findings[4].problem == "no JPEG, PNG or WebP but text (\"hello\"); replace or remove it")
  }

  @Test(arguments: [(31, 40, true), (32, 127, false), (32, 128, true), (500, 600, false)])
  func `tiny and very long photos are odd`(height: Int, width: Int, isOdd: Bool) {
    for (height, width) in [(height, width), (width, height)] {
      let finding = PhotoFinding(
        format: "PNG", height: height, width: width, signature: nil, problem: nil, isPassing: false)
      #expect((finding.oddity != nil) == isOdd)
    }
    #expect(
      PhotoFinding(
        format: "JPEG", height: 0, width: 0, signature: nil, problem: "gone", isPassing: false
      ).oddity
        == nil)
  }

  @Test func `a file of the same length and time of modification is still told apart`() throws {
    let folder = try Scratch()
    try folder.write([1], to: "a/1.jpg")
    try folder.write([1], to: "b/1.jpg")
    let dataset = try Dataset.open(path: folder.path)
    let before = try #require(dataset.fileVersion(of: 0))
    #expect(dataset.fileVersion(of: 0) == before)
    try folder.write([2], to: "a/1.jpg")
    #expect(dataset.fileVersion(of: 0) != before)
  }
}
