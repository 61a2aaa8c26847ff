import Testing

@testable import Serving

@Suite struct MultipartTests {
  private static func files(_ body: String, _ boundary: String = "b") throws -> [Multipart.Part] {
    try Multipart.files(in: Array(body.utf8), boundary: boundary, atMost: 3)
  }

  private static func part(_ name: String, _ bytes: String) -> String {
    "--b\r\nContent-Disposition: form-data; name=\"p\"; filename=\"\(name)\"\r\nContent-Type: image/png\r\n\r\n\(bytes)\r\n"
  }

  @Test func `files come in their order, with all of their bytes`() throws {
    let bytes = ["", "\r\n", "\r\n\r\n--", "x--b", "\r\n--", "x"]
    for first in bytes {
      let body = Self.part("1", first) + Self.part("2", "y") + "--b--\r\n"
      #expect(
        try Self.files(body) == [
          Multipart.Part(name: "1", bytes: Array(first.utf8)),
          Multipart.Part(name: "2", bytes: [UInt8(ascii: "y")]),
        ], "\(first)")
    }
  }

  @Test func `what stands before the first boundary and after the last is nothing`() throws {
    let files = try Self.files("preamble\r\n" + Self.part("1", "x") + "--b--\r\nepilogue")
    #expect(files.map(\.name) == ["1"])
  }

  @Test func `fields and empty files are passed over`() throws {
    let field = "--b\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n1\r\n"
    #expect(try Self.files(field + Self.part("", "") + Self.part("1", "x") + "--b--").count == 1)
  }

  @Test(arguments: [
    ("a;b.png", "a;b.png"), ("a\\\"b", "a\"b"), ("ä", "ä"), ("filename=x", "filename=x"),
  ])
  func `names are read as they are quoted`(quoted: String, name: String) throws {
    #expect(try Self.files(Self.part(quoted, "x") + "--b--")[0].name == name)
  }

  @Test(arguments: [
    ("", "begin with its boundary"), ("--c\r\n", "begin with its boundary"),
    ("x--b--", "begin with its boundary"), ("--b--", "no file"), ("--bc\r\n", "end of line"),
    (part("1", "x"), "cut off"), ("--b\r\nX: y\r\n--b--", "empty line"),
    (String(repeating: part("1", "x"), count: 4) + "--b--", "more than 3 photos"),
    (
      "--b\r\nX: \(String(repeating: "y", count: 9000))\r\n\r\nz\r\n--b--", "empty line"
    ),
  ])
  func `what is none is told`(body: String, says: String) {
    let refusal = #expect(throws: Refusal.self) { try Self.files(body) }
    #expect(refusal?.message.contains(says) == true, "\(refusal?.message ?? "")")
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=abc", "abc"),
    ("multipart/form-data; x=1;Boundary=\"a b\"", "a b"),
    ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil),
    ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", nil),
  ])
  func `boundaries are as the type says`(type: String, boundary: String?) {
    #expect(Multipart.boundary(of: type) == boundary)
  }
}
