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

  @Test func `pipes, devices and folders are refused, and nobody waits for a writer`() throws {
    let scratch = try Scratch()
    let pipe = scratch.path + "/pipe"
    mkfifo(pipe, 0o600)
    for path in [pipe, "/dev/zero", scratch.path] {
      #expect(throws: FileError.self) { _ = try InputFile(path: path).bytes(atMost: 10) }
    }
  }
}
