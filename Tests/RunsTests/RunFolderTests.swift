import Checkpoints
import Files
import Foundation
import Recipes
import Support
import Testing

@testable import Runs

@Suite struct RunFolderTests {
  let scratch: Scratch
  var folder: RunFolder { RunFolder(path: scratch.path + "/run") }

  init() throws { scratch = try Scratch() }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test func `a beginning that was killed is begun anew`() throws {
    do {
      _ = try folder.make()
      try scratch.write("half", to: "run/checkpoints/.partial/model.safetensors")
      try scratch.write("{}", to: "run/fork.json")
      try scratch.write("", to: "run/predictions/oof.csv")
      try scratch.write("{}", to: "run/scores.json")
      try scratch.write("half", to: "run/.tutti-1f.partial")
    }
    let lock = try folder.make()
    #expect(names == [".beginning", ".in-use"])
    try folder.write(Recipe())
    #expect(names == [".in-use", "recipe.yaml"])
    withExtendedLifetime(lock) {}
  }

  @Test func `a killed beginning's folder keeps what isn't of it`() throws {
    do { _ = try folder.make() }
    try scratch.write("mine", to: "run/notes.txt")
    #expect(throws: RunError.notEmpty(folder.path)) { _ = try folder.make() }
    #expect(names == [".beginning", "notes.txt"])
  }

  @Test func `checkpoints without a recipe and without a beginning stay`() throws {
    try scratch.write("", to: "run/checkpoints/step-00000001/state.json")
    #expect(throws: RunError.notEmpty(folder.path)) { _ = try folder.make() }
    #expect(names == ["checkpoints"])
  }

  @Test func `two can't begin in one folder`() throws {
    let lock = try folder.make()
    let error = #expect(throws: RunError.self) { _ = try folder.make() }
    #expect(error?.description.contains("is in use by process") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func `a folder that can't be written to is said in a sentence`() throws {
    // Whatever the user's rights, /proc takes no files.
    let error = #expect(throws: RunError.self) { try RunLock("/proc/self") }
    #expect(
      error?.description.hasPrefix("/proc/self can't be written to: ") == true, "\(error as Any)")
    #expect(throws: FileError.self) { _ = try RunFolder(path: "/proc/self/run").make() }
  }

  @Test func `who asks for a new folder at the same moment gets another`() async throws {
    let path = scratch.path
    let names = await withTaskGroup(of: String?.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try? RunFolder.claimNext(named: "r", date: "2026-03-01", in: path).path
        }
      }
      return await group.reduce(into: Set<String>()) { if let name = $1 { $0.insert(name) } }
    }
    #expect(names == Set((1...8).map { "\(path)/2026-03-01-r-\($0)" }))
  }

  @Test func `a name that nothing came of is free again`() throws {
    let claimed = try RunFolder.claimNext(named: "r", date: "2026-03-01", in: scratch.path)
    claimed.giveBack()
    #expect(!claimed.exists)
  }

  @Test(arguments: ["-1", "0", "1", "1000000000000", "\"5\"", "5.5"])
  func `a number of folds that can't be is refused`(folds: String) throws {
    try scratch.write("{\"data_digest\":\"d\",\"folds\":\(folds)}", to: "run/crossval.json")
    let path = folder.path
    #expect(throws: CrossvalError.self) { try CrossvalFolder(path: path).folds() }
    #expect(throws: CrossvalError.self) { _ = try SavedModel.all(at: path) }
  }

  @Test func `the run that another came from is known by any spelling`() throws {
    try scratch.makeFolder("old")
    try scratch.makeFolder("new")
    let new = RunFolder(path: scratch.path + "/new")
    try ForkOrigin(run: RunFolder(path: scratch.path + "/old"), step: 3, changed: []).write(to: new)
    let origin = try #require(try ForkOrigin(of: new))
    for path in ["/old", "//old/", "/new/../old", "/./old"] {
      #expect(origin.isOf(RunFolder(path: scratch.path + path)), "\(path)")
    }
    #expect(!origin.isOf(new))
    try scratch.write("{\"run\":1}", to: "new/fork.json")
    #expect(throws: RunError.damagedFork(new.fork)) { try ForkOrigin(of: new) }
  }

  @Test func `a run's name ends in @last by its bytes`() {
    // The sign before it joins the character behind it.
    #expect(throws: RunError.noModel("/nowhere/\u{600}")) {
      try SavedModel(path: "/nowhere/\u{600}@last")
    }
  }
}
