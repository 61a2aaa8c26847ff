import Files
import Support
import Tensors
import Testing
@testable import Interchange

@Suite struct TorchFileWriterTests {
  private static let layout = FlatLayout([
    FlatEntry(name: "conv.weight", shape: [2, 2, 2, 3], kind: .weight, order: .filters),
    FlatEntry(name: "bn.weight", shape: [3], kind: .vector),
    FlatEntry(name: "bn.running_mean", shape: [3], kind: .statistic),
    FlatEntry(name: "höher 🎻.weight", shape: [5, 2], kind: .weight, order: .transposed),
    FlatEntry(name: "empty", shape: [0, 3], kind: .vector),
  ])

  /// Writes the layout's entries with their places as values.
  private func write(to path: String) throws {
    let weights = FlatStore.weights(Self.layout)
    for place in 0..<weights.count { weights.pointer[place] = Float(place) - 0.5 }
    let writer = try TorchFileWriter(path: path, entries: ModelTensors.entries(of: Self.layout))
    try ModelTensors.write(weights, updates: 7, to: writer)
    try writer.finish()
  }

  @Test func `reads back`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/model.pt"
    try write(to: path)
    let file = try WeightsFile(path: path)
    #expect(file.format == .torch)
    #expect(
      file.entries.map(\.name) == ["bn.num_batches_tracked"] + Self.layout.entries.map(\.name))
    #expect(try file.integers(file.entries[0]) == [7])
    let read = FlatStore.weights(Self.layout)
    for entry in Self.layout.entries {
      #expect(try file.entry(named: entry.name).shape == entry.torchShape)
      try file.read(entry.name, as: entry, into: read.pointer + entry.offset)
      #expect(read.tensor(entry).values == entry.range.map { Float($0) - 0.5 }, "\(entry.name)")
    }
  }

  /// The very bytes that `Tests/Golden/check_torch_files.py` has PyTorch read. Where the file is
  /// missing, it is written, to be checked by the script and committed.
  @Test func `writes the file that PyTorch reads`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/written.pt"
    try write(to: path)
    let written = try contents(of: path)
    let known = golden("written.pt", in: "torch_files")
    guard let expected = try? contents(of: known) else {
      try write(to: known)
      Issue.record("\(known) was missing; check it now")
      return
    }
    #expect(written == expected)
  }

  /// The check value of the catalogue of CRCs.
  @Test func `computes the checksum of zip files`() {
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.of($0) } == 0xCBF4_3926)
  }

  @Test func `refuses to finish too early and files too large`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/model.pt"
    let writer = try TorchFileWriter(path: path, entries: ModelTensors.entries(of: Self.layout))
    try writer.write([Int64(1)])
    refuses(.unfinished(written: 1, of: 6)) { try writer.finish() }
    let large = [SafetensorsEntry("large", .f32, [1 << 30])]
    refuses(.tooLarge(bytes: 4_294_970_035)) {
      _ = try TorchFileWriter(path: path, entries: large)
    }
  }

  @Test func `says that the disk is full`() throws {
    let entries = ModelTensors.entries(of: Self.layout)
    let error = #expect(throws: FileError.self) {
      _ = try TorchFileWriter(path: "/dev/full", entries: entries)
    }
    #expect(error?.isDiskFull == true)
  }
}
