import Files
import Testing

@Suite struct CSVFuzzTests {
  @Test func `records are read, or refused with their line`() throws {
    let seeds = [
      "path,label,split\na.jpg,cat,train\n\"b,\"\"c\"\".jpg\",dog,\n", "\u{FEFF}a\r\nb\r\n",
    ]
    try Fuzzing.run(
      "csv", seeds: seeds.map { Array($0.utf8) },
      words: ["\"", "\r", "\r\n"].map { Array($0.utf8) },
      isRefusal: { $0 is CSV.Problem }
    ) { input in
      let records = try CSV.records(of: input)
      // What was understood is written so that it is understood the same again.
      let text = records.map { CSV.line($0.fields) }.joined()
      #expect(try CSV.records(of: Array(text.utf8)).map(\.fields) == records.map(\.fields))
    }
  }
}
