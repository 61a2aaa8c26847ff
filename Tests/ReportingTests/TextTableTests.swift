import Reporting
import Testing

@Suite struct TextTableTests {
  @Test func `numbers end at the right and text begins at the left`() {
    let text = TextTable.aligned(
      [["run", "best", "note"], ["a-longer", "1", ""], ["b", "0.25", "x"]], textColumns: [0, 2])
    #expect(
      text == """
        run       best  note
        a-longer     1
        b         0.25  x

        """)
  }

  @Test func `names stay in their cells, whatever is in them`() {
    let long = String(repeating: "x", count: 10_000)
    let text = TextTable.aligned([["class", "n"], ["a\n\u{1B}[31m\u{9B}b", "1"], [long, "2"]])
    let rows = text.split(separator: "\n")
    #expect(rows.count == 3)
    #expect(rows[1].hasPrefix("a\\n\\u{1B}[31m\\u{9B}b "))
    #expect(rows.allSatisfy { $0.utf8.count < 220 })
  }
}
