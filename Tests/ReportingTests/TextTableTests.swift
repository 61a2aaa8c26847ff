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
}
