import Files
import Testing

@Suite struct FewTests {
  @Test func `of a long list the first names and the length are told`() {
    #expect(few([String]()) == "")
    #expect(few(["a", "b"], atMost: 2) == "a, b")
    #expect(few(["a", "b", "c"], atMost: 2) == "a, b, … (3 in all)")
    #expect(few(["a\n", "b", "c"], atMost: 1, counted: nil) == "a\\n, …")
    let long = few([String(repeating: "x", count: 1000)])
    #expect(long.utf8.count < 310)
  }
}
