import Checkpoints
import Files
import FoundationEssentials
import Interchange
import Support
import Tensors
import Testing

@Suite struct CheckpointTests {
  @Test func `comes back as it was`() throws {
    let scratch = try Scratch()
    let written = try scratch.store.save(step: 7, best: .init(value: 0.1 + 0.2, step: 5))
    let read = try Checkpoint(path: written.path)
    #expect(read.state == written.state)
    #expect(read.state.best?.value == 0.1 + 0.2)
    #expect(read.state.files.keys.sorted() == [Checkpoint.model, Checkpoint.optimizer])

    let expected = weights(step: 7)
    let store = FlatStore.weights(layout)
    try read.readWeights(into: store)
    for entry in layout.entries {
      #expect(store.tensor(entry).values == expected.tensor(entry).values, "\(entry.name)")
    }
    let moments = try read.open(Checkpoint.optimizer)
    for parameter in OptimizerTensors.parameters(of: layout) {
      let values = Tensor(zeros: parameter.shape)
      try OptimizerTensors.read("exp_avg_sq", of: parameter, from: moments, into: values.pointer)
      #expect(values.values == expected.tensor(parameter).values.map { -$0 })
    }
    let counts = try read.open(Checkpoint.model)
    #expect(try counts.values(counts.entry(named: "bn.num_batches_tracked")) == [Int64(7)])
  }

  /// Earlier versions kept it beside the rules.
  @Test func `the best of an earlier version is read`() throws {
    var state = state(step: 7, best: .init(value: 0.5, step: 5))
    let text = String(decoding: try StateFile.encode(state), as: UTF8.self)
    #expect(text.contains("\"rules\" : {\n    \"best\" : {"))
    let former = """
      {"best": {"value": 0.25, "step": 3}, "classes": [], "data_digest": "d", "epoch": 0, "files": {},
      "optimizer_steps": 7, "recipe_digest": "r", "rules": {}, "samples_seen": 448, "step": 7,
      "step_in_epoch": 7}
      """
    let sealed = "{\"digest\": \"\(Digest.hex(of: former.utf8))\", \"state\": \(former)}\n"
    state = try #require(try StateFile.decode(Array(sealed.utf8)))
    #expect(state.best == .init(value: 0.25, step: 3))
    #expect(state.rules["best"] == ["value": 0.25, "step": 3])
    state.best = nil
    #expect(state.best == nil)
  }

  /// Raw weights are the default; averaged ones lie beside them in a file of their own.
  @Test func `weights come back by their role`() throws {
    let scratch = try Scratch()
    let writer = try scratch.store.begin()
    try scratch.store.write(step: 7, into: writer)
    let file = try writer.safetensors(
      Checkpoint.fileName(of: .averaged), entries: ModelTensors.entries(of: layout))
    try ModelTensors.write(weights(step: 3), updates: 7, to: file)
    let read = try Checkpoint(path: writer.commit(state(step: 7)).path)
    #expect(read.roles == [.raw, .averaged])
    #expect(read.state.files["ema.safetensors"] != nil)
    let store = FlatStore.weights(layout)
    for (role, step) in [(WeightsRole?.none, 7), (.averaged, 3), (.raw, 7)] {
      try role.map { try read.readWeights($0, into: store) } ?? read.readWeights(into: store)
      for entry in layout.entries {
        #expect(store.tensor(entry).values == weights(step: step).tensor(entry).values)
      }
    }
  }

  /// A file that isn't among the checkpoint's was never verified, so it doesn't count.
  @Test(arguments: [false, true])
  func `a role that isn't held is an error`(_ hasStrayFile: Bool) throws {
    let scratch = try Scratch()
    let checkpoint = try scratch.store.save(step: 7)
    if hasStrayFile {
      try FileManager.default.copyItem(
        atPath: "\(checkpoint.path)/\(Checkpoint.model)",
        toPath: "\(checkpoint.path)/ema.safetensors")
    }
    let store = FlatStore.weights(layout)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(path: checkpoint.path).readWeights(.averaged, into: store)
    }
    #expect(error?.problem == .missing(.averaged, has: [.raw]))
    #expect(
      error?.description
        == "\(checkpoint.path): has no averaged weights (ema.safetensors), only raw ones; ask for those"
    )
    #expect((0..<store.count).allSatisfy { store.pointer[$0] == 0 })
  }

  @Test func `digests are those of the files`() throws {
    let scratch = try Scratch()
    let checkpoint = try scratch.store.save(step: 1)
    for (name, digest) in checkpoint.state.files {
      #expect(try Digest.hex(ofFile: "\(checkpoint.path)/\(name)") == digest)
    }
    #expect(
      Digest.hex(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func `equal runs write equal bytes`() throws {
    let scratches = [try Scratch(), try Scratch()]
    let paths = try scratches.map { try $0.store.save(step: 3).path }
    for name in [Checkpoint.model, Checkpoint.optimizer, "state.json"] {
      let bytes = try paths.map { try contents(of: "\($0)/\(name)") }
      #expect(bytes[0] == bytes[1], "\(name)")
    }
    // Their folders go with them, and Swift may let go after the last mention.
    withExtendedLifetime(scratches) {}
  }

  /// Every byte of the small file, every seventh of the others.
  @Test(arguments: [("state.json", 1), (Checkpoint.model, 7), (Checkpoint.optimizer, 7)])
  func `notices one flipped bit`(file: String, pace: Int) throws {
    let scratch = try Scratch()
    let checkpoint = try scratch.store.save(step: 2)
    let path = "\(checkpoint.path)/\(file)"
    let size = try InputFile(path: path).size
    for offset in stride(from: 0, to: size, by: pace) {
      try flip(path, at: offset)
      let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: checkpoint.path) }
      #expect(error?.file == file && error?.problem == .changed, "byte \(offset)")
      try flip(path, at: offset)
    }
    _ = try Checkpoint(path: checkpoint.path)
  }

  @Test(arguments: ["state.json", Checkpoint.model])
  func `notices a missing file`(file: String) throws {
    let scratch = try Scratch()
    let checkpoint = try scratch.store.save(step: 2)
    try FileManager.default.removeItem(atPath: "\(checkpoint.path)/\(file)")
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: checkpoint.path) }
    #expect(error?.file == file)
    #expect(error?.description.contains("No such file") == true)
  }

  @Test func `numbers of the state are exact`() throws {
    let numbers = [
      0.1, 1 / 3, -0.0, Double.leastNonzeroMagnitude, .greatestFiniteMagnitude,
      0x1.fffffffffffffp-1, .infinity,
      -.infinity, 9_007_199_254_740_991,
    ]
    var state = state(step: 1)
    for (place, number) in numbers.enumerated() {
      state.rules["rule", default: [:]]["\(place)"] = number
    }
    state.samplesSeen = 1 << 53
    let read = try #require(try StateFile.decode(StateFile.encode(state)))
    #expect(read == state)
    for (place, number) in numbers.enumerated() {
      #expect(read.rules["rule"]?["\(place)"]?.bitPattern == number.bitPattern)
    }
  }
}
