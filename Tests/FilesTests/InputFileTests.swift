import Files
import Glibc
import Support
import Testing

@Suite struct InputFileTests {
  @Test func `an overlong file is refused before memory is taken`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("sparse", [])
    #expect(truncate(path, 1 << 40) == 0)
    let error = #expect(throws: OverlongFile.self) {
      _ = try InputFile(path: path).bytes(atMost: 1 << 20)
    }
    #expect(error == OverlongFile(path: path, bytes: 1 << 40, limit: 1 << 20))
    #expect(truncate(path, 3) == 0)
    #expect(try InputFile(path: path).bytes(atMost: 3) == [0, 0, 0])
  }

  @Test func `lines have their places, and one that is too long is not kept`() throws {
    let scratch = try Scratch()
    // A piece of the file ends inside the long one.
    let long = [UInt8](repeating: 7, count: 1 << 20)
    let path = try scratch.file("lines", Array("ab\n\n".utf8) + long + Array("\ncd".utf8))
    var lines: [[UInt8]?] = []
    var places: [Range<Int>] = []
    try InputFile(path: path).forEachLine(atMost: 2) { line, place in
      lines.append(line)
      places.append(place)
    }
    #expect(lines == [Array("ab".utf8), [], nil, Array("cd".utf8)])
    let end = 4 + long.count + 1
    #expect(places == [0..<3, 3..<4, 4..<end, end..<(end + 2)])
    lines = []
    try InputFile(path: path).forEachLine(atMost: 1 << 20) { line, _ in lines.append(line) }
    #expect(lines == [Array("ab".utf8), [], long, Array("cd".utf8)])
    (lines, places) = ([], [])
    try InputFile(path: path).forEachLine(from: 3, atMost: 2) { line, place in
      lines.append(line)
      places.append(place)
    }
    #expect(lines == [[], nil, Array("cd".utf8)] && places[0] == 3..<4)
    try InputFile(path: path).forEachLine(from: 1 << 40, atMost: 2) { _, _ in
      Issue.record("there is nothing behind the end")
    }
  }

  @Test func `pipes, devices and folders are refused, and nobody waits for a writer`() throws {
    let scratch = try Scratch()
    let pipe = scratch.path + "/pipe"
    mkfifo(pipe, 0o600)
    for path in [pipe, "/dev/zero", scratch.path] {
      #expect(throws: FileError.self) { _ = try InputFile(path: path).bytes(atMost: 10) }
    }
  }
}
