import Interchange
import Support
import Tensors
import Testing

@Suite struct ModelTensorsTests {
  private static let layout = FlatLayout([
    FlatEntry(name: "conv.weight", shape: [2, 4, 2, 3], kind: .weight, order: .filters),
    FlatEntry(name: "bn.weight", shape: [3], kind: .vector),
    FlatEntry(name: "bn.bias", shape: [3], kind: .vector),
    FlatEntry(name: "bn.running_mean", shape: [3], kind: .statistic),
    FlatEntry(name: "bn.running_var", shape: [3], kind: .statistic),
    FlatEntry(name: "fc.weight", shape: [5, 2], kind: .weight, order: .transposed),
    FlatEntry(name: "fc.bias", shape: [2], kind: .vector),
  ])

  private func loaded() throws -> FlatStore {
    let weights = FlatStore.weights(Self.layout)
    try ModelTensors.read(from: SafetensorsFile(path: golden("model.safetensors")), into: weights)
    return weights
  }

  @Test func `reads PyTorch's model into our layout`() throws {
    let weights = try loaded()
    let ours = try SafetensorsFile(path: golden("ours.safetensors"))
    let theirs = try SafetensorsFile(path: golden("model.safetensors"))
    for entry in Self.layout.entries {
      let expected =
        entry.order == .same
        ? try theirs.floats(theirs.entry(named: entry.name))
        : try ours.floats(ours.entry(named: entry.name))
      #expect(weights.tensor(entry).values == expected, "\(entry.name)")
    }
  }

  @Test func `writes PyTorch's model`() throws {
    let weights = try loaded()
    let scratch = try Scratch()
    let path = scratch.path + "/model.safetensors"
    let entries = ModelTensors.entries(of: Self.layout)
    let writer = try SafetensorsWriter(path: path, entries: entries)
    try ModelTensors.write(weights, updates: 1, to: writer)
    try writer.finish()
    let written = try SafetensorsFile(path: path)
    let theirs = try SafetensorsFile(path: golden("model.safetensors"))
    #expect(written.entries.count == theirs.entries.count)
    for entry in theirs.entries {
      let mine = try written.entry(named: entry.name)
      #expect(mine.shape == entry.shape && mine.type == entry.type)
      if entry.type == .i64 {
        #expect(try written.values(mine, as: Int64.self) == theirs.values(entry))
      } else {
        #expect(try written.floats(mine) == theirs.floats(entry))
      }
    }
  }

  @Test func `lists every difference`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/other.safetensors"
    let others = [
      SafetensorsEntry("bn.num_batches_tracked", .i64, []),
      SafetensorsEntry("fc.bias", .i64, [2]),
      SafetensorsEntry("conv.weight", .f32, [2, 4, 2, 3]),
      SafetensorsEntry("fc.weight", .f32, [2, 5]),
      SafetensorsEntry("head.weight", .f32, [1]),
    ]
    let writer = try SafetensorsWriter(path: path, entries: others)
    try writer.write([Int64(1)])
    try writer.write([Int64(1), 2])
    for other in others[2...] { try writer.write([Float](repeating: 1, count: other.shape.count)) }
    try writer.finish()
    let weights = FlatStore.weights(Self.layout)
    let error = #expect(throws: SafetensorsError.self) {
      try ModelTensors.read(from: SafetensorsFile(path: path), into: weights)
    }
    #expect(
      error?.description == path + ": not the weights of this model: "
        + "4 missing (bn.weight, bn.bias, bn.running_mean, …); 1 unexpected (head.weight); "
        + "2 of another shape (fc.bias is I64 [2], wanted F32 [2], "
        + "conv.weight is F32 [2, 4, 2, 3], wanted F32 [3, 2, 2, 4])")
    #expect(weights.tensor(Self.layout.entries[5]).values.allSatisfy { $0 == 0 })
  }
}
