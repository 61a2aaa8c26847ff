import Files
import Foundation
import Support
import Testing

@testable import Runs

@Suite struct RunLockTests {
  let scratch: Scratch
  var file: String { scratch.path + "/.in-use" }

  init() throws { scratch = try Scratch() }

  private func write(host: String, process: Int32) throws {
    let holder = RunLock.Holder(host: host, process: process, since: Date(timeIntervalSince1970: 0))
    try scratch.write(JSONText.encode(holder), to: ".in-use")
  }

  @Test func `one at a time, and the file goes with the lock`() throws {
    do {
      let lock = try RunLock(scratch.path)
      #expect(RunLock.use(of: scratch.path) == .held)
      let error = #expect(throws: RunError.self) { try RunLock(scratch.path) }
      let line = error?.description ?? ""
      #expect(line.contains(" is in use by process \(getpid()) on host "), "\(line)")
      #expect(try line.contains(Regex("since 20[0-9-]+T[0-9:]+Z; wait for it")), "\(line)")
      #expect(line.hasSuffix("remove \(file)"), "\(line)")
      withExtendedLifetime(lock) {}
    }
    #expect(!Paths.exists(file))
    #expect(RunLock.use(of: scratch.path) == .none)
    _ = try RunLock(scratch.path)
  }

  /// A crash leaves the file, here and on another host, and nobody has to remove it.
  @Test(arguments: ["here", "elsewhere"])
  func `a file without its lock is nobody's`(host: String) throws {
    let name = host == "here" ? ProcessInfo.processInfo.hostName : host
    try write(host: name, process: 1)
    _ = try RunLock(scratch.path)
  }

  @Test func `what is no holder's text is passed over`() throws {
    try scratch.write("\0\0\0", to: ".in-use")
    #expect(RunLock.use(of: scratch.path) == .none)
    _ = try RunLock(scratch.path)
    try scratch.write([UInt8](repeating: 0x20, count: 1 << 16), to: ".in-use")
    _ = try RunLock(scratch.path)
  }

  @Test func `a process of this host can be seen to be gone, and one of another can't`() throws {
    let gone = Process()
    gone.executableURL = URL(filePath: "/bin/true")
    try gone.run()
    gone.waitUntilExit()
    #expect(RunLock.Holder(host: host, process: gone.processIdentifier, since: .now).isGone)
    #expect(!RunLock.Holder(host: host, process: getppid(), since: .now).isGone)
    // A container begun anew may have its number again.
    #expect(RunLock.Holder(host: host, process: getpid(), since: .now).isGone)
    #expect(!RunLock.Holder(host: "elsewhere", process: 1, since: .now).isGone)
    try write(host: "elsewhere", process: 1)
    #expect(RunLock.use(of: scratch.path) == .perhaps)
  }

  private var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  @Test func `a link in its place is not followed`() throws {
    try scratch.write("mine", to: "file")
    symlink(scratch.path + "/file", file)
    let error = #expect(throws: RunError.self) { try RunLock(scratch.path) }
    #expect(error?.description.contains("can't be written to: ") == true)
    #expect(try String(decoding: contents(of: scratch.path + "/file"), as: UTF8.self) == "mine")
  }
}
