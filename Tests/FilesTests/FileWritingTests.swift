import Files
import FoundationEssentials
import Glibc
import Support
import Testing

@Suite struct FileWritingTests {
  @Test func `replaces a whole file`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/recipe.yaml"
    for bytes: [UInt8] in [[1, 2, 3], [], [4]] {
      try FileWriting.replace(path, with: bytes)
      #expect(try InputFile(path: path).bytes(atMost: 3) == bytes)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["recipe.yaml"])
  }

  @Test func `keeps the old file when the disk is full`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/recipe.yaml"
    try FileWriting.replace(path, with: [1])
    let error = #expect(throws: FileError.self) {
      try FileWriting.replace(path) { partial in
        unlink(partial)
        symlink("/dev/full", partial)
        try FileWriting.write([2], to: partial)
      }
    }
    #expect(error?.isDiskFull == true)
    #expect(try InputFile(path: path).bytes(atMost: 1) == [1])
    #expect(try FileWriting.names(in: scratch.path) == ["recipe.yaml"])
  }

  @Test func `names a folder that isn't there`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/none/x"
    let error = #expect(throws: FileError.self) { try FileWriting.replace(path, with: [2]) }
    #expect(error?.description == "\(path) can't be made: No such file or directory")
  }

  @Test func `neither a user's own file nor what a planted link leads to is overwritten`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/out.csv"
    try scratch.write("mine", to: "out.csv.partial")
    try FileWriting.replace(path, with: [1])
    #expect(try contents(of: path + ".partial") == Array("mine".utf8))
    var partials: Set<String> = []
    for _ in 0..<3 { try FileWriting.replace(path) { partials.insert($0) } }
    #expect(partials.count == 3)
  }

  @Test func `a link stays, and what it leads to is replaced`() throws {
    let scratch = try Scratch()
    try scratch.makeFolder("elsewhere")
    try scratch.write("old", to: "elsewhere/a")
    symlink("elsewhere/a", "\(scratch.path)/link")
    try FileWriting.replace("\(scratch.path)/link", with: [7])
    #expect(try contents(of: "\(scratch.path)/elsewhere/a") == [7])
    #expect(try FileWriting.names(in: scratch.path) == ["elsewhere", "link"])
  }

  @Test func `a device or folder is never replaced`() throws {
    let scratch = try Scratch()
    let pipe = scratch.path + "/pipe"
    mkfifo(pipe, 0o600)
    for path in [pipe, scratch.path, "/dev/null"] {
      let error = #expect(throws: FileError.self) { try FileWriting.replace(path, with: [2]) }
      #expect(error?.description.hasPrefix("\(path) can't be replaced as a file") == true)
    }
  }

  @Test func `what killed writers left is removed, and nothing else`() throws {
    let scratch = try Scratch()
    for name in [".tutti-1f.partial", "out.partial", ".tutti-x"] { try scratch.write("", to: name) }
    try FileWriting.removePartials(in: scratch.path)
    #expect(try FileWriting.names(in: scratch.path) == [".tutti-x", "out.partial"])
  }

  @Test func `a file system that can't sync folders is passed over`() throws {
    // /proc has no fsync, as some network file systems have none for folders.
    try FileWriting.syncFolder("/proc")
  }
}
