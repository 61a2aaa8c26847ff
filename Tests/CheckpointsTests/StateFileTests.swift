import Checkpoints
import Files
import Glibc
import Interchange
import Support
import Testing

/// States whose digest is right, since anybody can compute one, and that no training wrote.
@Suite struct StateFileTests {
  private func sealed(_ text: String) -> [UInt8] {
    Array("{\"digest\": \"\(Digest.hex(of: text.utf8))\", \"state\": \(text)}\n".utf8)
  }

  /// A state with one of its texts in the place of another.
  private func changed(_ old: String, _ new: String) throws -> [UInt8] {
    var state = state(step: 12, best: .init(value: 0.5, step: 10))
    state.missedUpdates = ["fc.weight": 3]
    let text = try JSONText.encode(state)
    let parts = text.split(separator: old, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(old) in \(text)")
    return sealed(parts.joined(separator: new))
  }

  @Test(arguments: [
    ("\"step\":12,", "\"step\":-1,", "step"),
    ("\"step\":12,", "\"step\":9223372036854775807,", "step"),
    ("\"epoch\":1,", "\"epoch\":9223372036854775807,", "epoch"),
    ("\"step_in_epoch\":2", "\"step_in_epoch\":-2", "step_in_epoch"),
    ("\"samples_seen\":768,", "\"samples_seen\":9223372036854775807,", "samples_seen"),
    ("\"optimizer_steps\":12,", "\"optimizer_steps\":-12,", "optimizer_steps"),
    ("\"fc.weight\":3", "\"fc.weight\":13", "missed_updates of fc.weight"),
    ("\"step\":10,", "\"step\":1e300,", "best step"),
    ("\"step\":10,", "\"step\":10.5,", "best step"),
    ("\"step\":10,", "\"step\":\"nan\",", "best step"),
  ])
  func `a count that no training counts to is refused`(
    old: String, new: String, key: String
  ) throws {
    let bytes = try changed(old, new)
    let error = #expect(throws: StateError.self) { try StateFile.decode(bytes) }
    guard case .count(let found, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == key)
  }

  @Test func `other JSON, and files elsewhere, are refused`() throws {
    #expect(throws: StateError.form) { try StateFile.decode(sealed("{}")) }
    let bytes = try changed("\"files\":{}", "\"files\":{\"../../../etc/passwd\":\"0\"}")
    #expect(throws: StateError.fileName("../../../etc/passwd")) { try StateFile.decode(bytes) }
  }

  @Test func `a list without the weights verifies nothing, so it is no checkpoint`() throws {
    let scratch = try Scratch()
    let checkpoint = try scratch.store.save(step: 7)
    try FileWriting.replace(
      "\(checkpoint.path)/\(StateFile.name)", with: StateFile.encode(state(step: 7)))
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: checkpoint.path) }
    #expect(error?.problem == .unlisted && error?.file == Checkpoint.model)
  }

  @Test func `a file without a digest isn't opened`() throws {
    let scratch = try Scratch()
    let writer = try scratch.store.begin()
    let model = try writer.safetensors(Checkpoint.model, entries: ModelTensors.entries(of: layout))
    try ModelTensors.write(weights(step: 7), updates: 7, to: model)
    let checkpoint = try writer.commit(state(step: 7))
    try FileWriting.replace("\(checkpoint.path)/\(Checkpoint.optimizer)", with: [])
    let read = try Checkpoint(path: checkpoint.path)
    let error = #expect(throws: CheckpointError.self) { _ = try read.open(Checkpoint.optimizer) }
    #expect(error?.problem == .unlisted)
  }

  @Test func `a folder that was renamed to another step is passed over`() throws {
    let scratch = try Scratch()
    try scratch.store.save(step: 7)
    let late = try scratch.store.save(step: 8)
    try FileWriting.move(late.path, to: scratch.store.path(ofStep: 9))
    let (checkpoint, rejected) = try scratch.store.newestGood()
    #expect(checkpoint?.state.step == 7)
    #expect(rejected.map(\.problem) == [.otherStep(8)])
  }

  @Test func `a sparse file of a terabyte is refused, and the checkpoint before is taken`() throws {
    let scratch = try Scratch()
    try scratch.store.save(step: 7)
    let late = try scratch.store.save(step: 8)
    #expect(truncate("\(late.path)/\(StateFile.name)", 1 << 40) == 0)
    let (checkpoint, rejected) = try scratch.store.newestGood()
    #expect(checkpoint?.state.step == 7)
    #expect(rejected.first?.description.contains("has 1099511627776 bytes") == true)
  }
}
