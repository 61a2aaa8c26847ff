import Files
import Glibc
import Support
import Testing

@Suite struct PathsTests {
  /// An acute accent that joins the character before it.
  private static let accent = "\u{301}"

  @Test func `parts are told by bytes, whatever accent follows a slash`() {
    let name = Self.accent + "x"
    #expect(Paths.isAbsolute("/\(name)"))
    #expect(Paths.path("/\(name)", below: "a").isExactly("/\(name)"))
    #expect(Paths.name(of: "a/\(name)").isExactly(name))
    #expect(Paths.folder(of: "a/\(name)") == "a")
    #expect(Paths.folder(of: "/\(name)") == "/")
    #expect(Paths.suffix(of: "x.\(Self.accent)") == Self.accent)
    #expect(Paths.withoutTrailingSlashes("a//") == "a")
    #expect(Paths.withoutTrailingSlashes("//") == "/")
    #expect(digestDigits(inName: "v1.0/\(name)-f37072fd.pth") == "f37072fd")
    // A sign that joins the character behind it.
    #expect("\u{600}.csv".withoutEnd(bytes: 4).isExactly("\u{600}"))
  }

  /// Each is handed to a shell, which has to give it back.
  @Test(arguments: [
    "plain", "a b", "it's", "'\u{301}; echo no", "$(echo no)", "a\nb", "\u{1B}[31m", "\u{85}'\\",
    "a\u{202E}b",
    "", "*", "ä", "-n", "\u{7F}", "# a",
  ])
  func `a shell reads a quoted path back`(path: String) throws {
    let quoted = Paths.shellQuoted(path)
    #expect(quoted.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    let scratch = try Scratch()
    let script = try scratch.file("s", Array("printf %s \(quoted)".utf8))
    let output = try #require(popen("bash \(script)", "r"))
    defer { pclose(output) }
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = fread(&bytes, 1, bytes.count, output)
    #expect(Array(bytes[..<count]) == Array(path.utf8))
  }

  @Test func `a bare name and a name in the folder's other form differ`() {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed == decomposed)
    #expect(!composed.isExactly(decomposed))
    #expect(Set([composed, decomposed].map(ExactText.init)).count == 2)
    #expect(ExactText(decomposed) < ExactText(composed))
  }
}
