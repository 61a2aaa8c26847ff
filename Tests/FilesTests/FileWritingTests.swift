import Files
import FoundationEssentials
import Support
import Testing

@Suite struct FileWritingTests {
  @Test func `replaces a whole file`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/recipe.yaml"
    for bytes: [UInt8] in [[1, 2, 3], [], [4]] {
      try FileWriting.replace(path, with: bytes)
      #expect(try InputFile(path: path).bytes() == bytes)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["recipe.yaml"])
  }

  @Test func `keeps the old file when the disk is full`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/recipe.yaml"
    try FileWriting.replace(path, with: [1])
    try FileManager.default.createSymbolicLink(
      atPath: path + ".partial", withDestinationPath: "/dev/full")
    let error = #expect(throws: FileError.self) { try FileWriting.replace(path, with: [2]) }
    #expect(error?.isDiskFull == true)
    #expect(try InputFile(path: path).bytes() == [1])
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["recipe.yaml"])
  }

  @Test func `names a folder that isn't there`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/none/x"
    let error = #expect(throws: FileError.self) { try FileWriting.replace(path, with: [2]) }
    #expect(error?.description == "\(path).partial can't be made: No such file or directory")
  }
}
