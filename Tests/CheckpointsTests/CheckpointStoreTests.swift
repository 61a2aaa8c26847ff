import Checkpoints
import Files
import FoundationEssentials
import Interchange
import Support
import Testing

@Suite struct CheckpointStoreTests {
  @Test func `finds nothing where nothing is`() throws {
    let scratch = try Scratch()
    let (checkpoint, rejected) = try scratch.store.newestGood()
    #expect(checkpoint == nil && rejected.isEmpty)
  }

  @Test func `falls back to the newest good one`() throws {
    let scratch = try Scratch()
    for step in [1, 2, 10, 3] { try scratch.store.save(step: step) }
    try flip(scratch.store.path(ofStep: 10) + "/" + Checkpoint.model, at: 300)
    try FileManager.default.removeItem(atPath: scratch.store.path(ofStep: 3) + "/state.json")
    let (checkpoint, rejected) = try scratch.store.newestGood()
    #expect(checkpoint?.state.step == 2)
    #expect(rejected.map(\.path) == [10, 3].map { scratch.store.path(ofStep: $0) })
    #expect(rejected.map(\.file) == [Checkpoint.model, "state.json"])
  }

  @Test func `is no checkpoint before it is committed`() throws {
    let scratch = try Scratch()
    try scratch.store.save(step: 1)
    let writer = try scratch.store.begin()
    try scratch.store.write(step: 2, into: writer)
    #expect(try scratch.store.steps() == [1])
    #expect(try scratch.store.newestGood().checkpoint?.state.step == 1)
    try writer.commit(state(step: 2))
    #expect(scratch.names == ["step-00000001", "step-00000002"])
  }

  @Test func `leaves nothing behind when let go`() throws {
    let scratch = try Scratch()
    do {
      let writer = try scratch.store.begin()
      try scratch.store.write(step: 2, into: writer)
      #expect(scratch.names == [".partial"])
    }
    #expect(scratch.names == [])
  }

  @Test func `cleans up after a crash`() throws {
    let scratch = try Scratch()
    try scratch.store.save(step: 1)
    for leftover in [".partial", ".trash-7"] {
      let folder = "\(scratch.store.folder)/\(leftover)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileWriting.replace("\(folder)/ema.safetensors", with: [1, 2, 3])
    }
    let saved = try scratch.store.save(step: 2)
    #expect(scratch.names == ["step-00000001", "step-00000002"])
    let names = try FileManager.default.contentsOfDirectory(atPath: saved.path).sorted()
    #expect(names == [Checkpoint.model, Checkpoint.optimizer, "state.json"])
  }

  @Test func `a file that isn't whole isn't committed`() throws {
    let scratch = try Scratch()
    do {
      let writer = try scratch.store.begin()
      _ = try writer.safetensors(Checkpoint.model, entries: ModelTensors.entries(of: layout))
      #expect(throws: SafetensorsError.self) { try writer.commit(state(step: 2)) }
    }
    #expect(scratch.names == [])
  }

  @Test func `a full disk leaves the last good one`() throws {
    let scratch = try Scratch()
    try scratch.store.save(step: 1)
    do {
      let writer = try scratch.store.begin()
      try FileManager.default.createSymbolicLink(
        atPath: "\(scratch.store.folder)/.partial/\(Checkpoint.model)",
        withDestinationPath: "/dev/full")
      let error = #expect(throws: FileError.self) {
        try scratch.store.write(step: 2, into: writer)
      }
      #expect(error?.isDiskFull == true && (error?.neededBytes ?? 0) > 400)
    }
    #expect(scratch.names == ["step-00000001"])
    #expect(try scratch.store.newestGood().checkpoint?.state.step == 1)
  }

  @Test func `replaces a damaged one of the same step`() throws {
    let scratch = try Scratch()
    let path = try scratch.store.save(step: 1).path
    try flip("\(path)/state.json", at: 100)
    try scratch.store.save(step: 1)
    #expect(scratch.names == ["step-00000001"])
    _ = try Checkpoint(path: path)
  }

  @Test(arguments: [
    (last: 1, best: 2, at: 5, kept: [2, 5, 6]),
    (last: 2, best: 5, at: 5, kept: [4, 5, 6]),
    (last: 3, best: 1, at: 5, kept: [1, 3, 4, 5, 6]),
    (last: 9, best: 9, at: 6, kept: [1, 2, 3, 4, 5, 6]),
    (last: 0, best: 9, at: 6, kept: [6]),
  ])
  func `keeps the last and the best`(last: Int, best: Int, at step: Int, kept: [Int]) throws {
    let scratch = try Scratch()
    for step in 1...6 { try scratch.store.save(step: step) }
    try scratch.store.retain(
      last: last, upTo: state(step: step, best: .init(value: 1, step: best)))
    #expect(try scratch.store.steps() == kept)
    #expect(scratch.names == kept.map { "step-0000000\($0)" })
    for step in kept { _ = try Checkpoint(path: scratch.store.path(ofStep: step)) }
  }

  @Test func `orders steps as numbers`() throws {
    let scratch = try Scratch()
    for step in [100_000_000, 99_999_999] { try scratch.store.save(step: step) }
    for name in ["step-1", "step-abc", "step-00000001.old", "notes"] {
      try FileManager.default.createDirectory(
        atPath: "\(scratch.store.folder)/\(name)", withIntermediateDirectories: true)
    }
    #expect(try scratch.store.steps() == [99_999_999, 100_000_000])
    #expect(try scratch.store.newestGood().checkpoint?.state.step == 100_000_000)
  }
}
