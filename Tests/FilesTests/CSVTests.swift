import Testing

@testable import Files

@Suite struct CSVTests {
  @Test(arguments: [
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
    ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
    ("a,b\r\nc,d\r", [["a", "b"], ["c", "d"]]),
    ("a,b\rc,d\r\re\r", [["a", "b"], ["c", "d"], ["e"]]),
    ("a,b\r\"c\rd\",e", [["a", "b"], ["c\rd", "e"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]),
    ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
    ("\"a,b\",\"c \"\"d\"\"\"\n", [["a,b", "c \"d\""]]),
    ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]),
    ("\"\",\n,\"\"\n", [["", ""], ["", ""]]),
    ("\n\na\n\n\r\nb\n", [["a"], ["b"]]),
    ("ä,日本\n", [["ä", "日本"]]),
    ("", []),
  ])
  func `RFC 4180, and what spreadsheets make of it`(text: String, expected: [[String]]) throws {
    #expect(try CSV.records(of: Array(text.utf8)).map(\.fields) == expected)
  }

  @Test func `line numbers count the lines inside quotes`() throws {
    let records = try CSV.records(of: Array("a\n\"b\nc\"\n\nd\n".utf8))
    #expect(records.map(\.line) == [1, 2, 5])
    for lineEnd in ["\r", "\r\n"] {
      let text = ["a", "\"b", "c\"", "", "d", ""].joined(separator: lineEnd)
      #expect(try CSV.records(of: Array(text.utf8)).map(\.line) == [1, 2, 5])
    }
  }

  @Test(arguments: [
    (Array("a,b\n\"c,d\ne\n".utf8), 2, "never closed"),
    (Array("a\nb\"c\n".utf8), 2, "inside a field"),
    (Array("\"a\" ,b\n".utf8), 1, "after a closing"),
    ([0x61, 0x0A, 0xE4, 0x0A], 2, "not UTF-8"),
    ([0xFF, 0xFE, 0x61, 0x00], 1, "UTF-16"),
  ])
  func `what is no CSV is refused with its line`(text: [UInt8], line: Int, words: String) {
    #expect {
      try CSV.records(of: text)
    } throws: { error in
      guard let problem = error as? CSV.Problem else { return false }
      return problem.line == line && problem.text.contains(words)
    }
  }

  @Test func `what is written is read back`() throws {
    let fields = ["a", "b,c", "d \"e\"", "f\r\ng", "", "ä b", "\"\u{301}", ",\u{301}"]
    let marked = "\u{FEFF}a"
    #expect(
      try CSV.records(of: Array(CSV.line([marked]).utf8)).first?.fields[0].isExactly(marked) == true
    )
    #expect(try CSV.records(of: Array(CSV.line(fields).utf8)).map(\.fields) == [fields])
    #expect(CSV.line(["a", "b,c", "d\"e"]) == "a,\"b,c\",\"d\"\"e\"\n")
  }
}
