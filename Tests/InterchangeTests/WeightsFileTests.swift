import Files
import Glibc
import Support
import Tensors
import Testing
@testable import Interchange

@Suite struct WeightsFileTests {
  /// One checkpoint in each of PyTorch's formats, and its tensors as safetensors.
  @Test(arguments: [
    ("zip.pt", WeightsFile.Format.torch),
    ("legacy.pt", .torchLegacy),
    ("expected.safetensors", .safetensors),
  ])
  func `reads what PyTorch wrote`(name: String, format: WeightsFile.Format) throws {
    let file = try WeightsFile(path: golden(name, in: "torch_files"))
    #expect(file.format == format)
    let expected = try SafetensorsFile(path: golden("expected.safetensors", in: "torch_files"))
    #expect(Set(file.entries.map(\.name)) == Set(expected.entries.map(\.name)))
    #expect(file.entries.count == 21)
    for entry in expected.entries {
      let mine = try file.entry(named: entry.name)
      #expect(mine.shape == entry.shape, "\(entry.name)")
      if entry.type == .i64 {
        #expect(try file.integers(mine) == expected.values(entry), "\(entry.name)")
      } else {
        let (mine, theirs) = (try file.floats(mine), try expected.floats(entry))
        #expect(mine.map(\.bitPattern) == theirs.map(\.bitPattern), "\(entry.name)")
      }
    }
  }

  @Test func `keeps PyTorch's order and types`() throws {
    let file = try WeightsFile(path: golden("zip.pt", in: "torch_files"))
    #expect(
      file.entries.prefix(3).map(\.name) == [
        "module.0.weight", "module.0.bias", "module.1.weight",
      ])
    let types = try ["half", "bfloat16", "double", "module.1.num_batches_tracked"]
      .map { try file.entry(named: $0).type }
    #expect(types == [.f16, .bf16, .f64, .i64])
  }

  @Test func `reads a tensor into our layout`() throws {
    let file = try WeightsFile(path: golden("zip.pt", in: "torch_files"))
    let filters = FlatEntry(name: "w", shape: [3, 3, 2, 4], kind: .weight, order: .filters)
    let weights = FlatStore.weights(FlatLayout([filters]))
    try file.read("channels_last", as: filters, into: weights.pointer)
    // Value [k, c, r, s] is its place over 8; ours is [r, s, c, k].
    #expect(weights.pointer[(1 * 3 + 2) * 8 + 1 * 4 + 3] == Float(3 * 18 + 9 + 1 * 3 + 2) / 8)
    let bias = FlatEntry(name: "b", shape: [3], kind: .vector)
    refuses(.shape(tensor: "half", is: [6], wanted: [3])) {
      try file.read("half", as: bias, into: weights.pointer)
    }
  }

  @Test func `refuses other types and names`() throws {
    let file = try WeightsFile(path: golden("typed.pt", in: "torch_files"))
    let entry = try file.entry(named: "u16")
    #expect(entry.type == .u16 && entry.shape == [2])
    refuses(.type(tensor: "u16", is: .u16, wanted: "a float")) { _ = try file.floats(entry) }
    refuses(.type(tensor: "u16", is: .u16, wanted: "I64")) { _ = try file.integers(entry) }
    refuses(.missing(tensor: "u17")) { _ = try file.entry(named: "u17") }
  }

  /// The contents decide, and a person is told what they are.
  @Test(arguments: [
    ("", ""),
    ("version https://git-lfs.github.com/spec/v1\n", "version https://git-lfs.github.com/spec/"),
    ("<!DOCTYPE html>\n<html>", "<!DOCTYPE html>\u{FFFD}<html>"),
  ])
  func `says what another file is`(text: String, begins: String) throws {
    let scratch = try Scratch()
    let path = try scratch.file("weights.pth", Array(text.utf8))
    let error = #expect(throws: WeightsFileError.self) { _ = try WeightsFile(path: path) }
    #expect(
      error?.description
        == "\(path): neither a safetensors file nor one of PyTorch's: it begins with \"\(begins)\"")
  }

  /// The length is looked at before anything is read: of this one nothing is there.
  @Test func `refuses a file that is longer than any model's`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("weights.pth", [])
    #expect(truncate(path, 1 << 40) == 0)
    refuses(.tooLong(bytes: 1 << 40, limit: 1 << 33)) { _ = try WeightsFile(path: path) }
    refuses(.tooLong(bytes: 1 << 40, limit: 1 << 33)) { try WeightsFile.checkLength(of: path) }
  }

  /// One bit, which only the checksum tells of.
  @Test func `compares tensors with the checksums of the zip file`() throws {
    let scratch = try Scratch()
    let values: [UInt8] = Array(0..<16)
    func file(_ change: (inout [UInt8]) -> Void) throws -> WeightsFile {
      let pickle = Pickle.tensor(extents: [4], strides: [1])
      let path = try scratch.zip([("x/data.pkl", pickle), ("x/data/0", values)])
      var bytes = try contents(of: path)
      change(&bytes)
      return try WeightsFile(path: scratch.file("changed.pt", bytes))
    }
    func flip(_ bytes: inout [UInt8]) {
      let place = bytes.indices.first { bytes[$0...].starts(with: values) } ?? 0
      bytes[place + 5] ^= 4
    }
    let sound = try file { _ in }
    try sound.verify(sound.entries)
    let flipped = try file(flip)
    let error = #expect(throws: WeightsFileError.self) { try flipped.verify(flipped.entries) }
    #expect(error?.description.contains("the tensor w is damaged: its CRC-32 is") == true)
    // PyTorch can be told to write none, which are zeros.
    let unchecked = try file { bytes in
      flip(&bytes)
      for (mark, place) in [("PK\u{1}\u{2}", 16), ("PK\u{3}\u{4}", 14)] {
        for start in bytes.indices where bytes[start...].starts(with: mark.utf8) {
          bytes.replaceSubrange((start + place)..<(start + place + 4), with: [0, 0, 0, 0])
        }
      }
    }
    try unchecked.verify(unchecked.entries)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, -1])
  func `numbers that no net can work with are named`(number: Float) throws {
    let scratch = try Scratch()
    let path = scratch.path + "/w.safetensors"
    let names = ["bn.running_var", "bn.running_mean"]
    let writer = try SafetensorsWriter(
      path: path, entries: names.map { SafetensorsEntry($0, .f32, [3]) })
    for _ in names { try writer.write([1, number, 2]) }
    try writer.finish()
    for name in names {
      let entry = FlatEntry(name: name, shape: [3], kind: .statistic)
      let weights = FlatStore.weights(FlatLayout([entry]))
      if number == -1, name == "bn.running_mean" {
        try WeightsFile(path: path).read(name, as: entry, into: weights.pointer)
        continue
      }
      let error = #expect(throws: WeightsFileError.self) {
        try WeightsFile(path: path).read(name, as: entry, into: weights.pointer)
      }
      #expect(
        error?.description.hasPrefix("\(path): the tensor \(name) has \(number) at place 1, which ")
          == true)
      #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(path: path).read(name, as: entry, into: weights.pointer)
      }
    }
  }

  @Test func `what an export says of its model is read again`() throws {
    let scratch = try Scratch()
    let about = ["classes": "[\"é\",\"e\u{301}\"]", "head": "plain"]
    let entries = [SafetensorsEntry("w", .f32, [1])]
    let torch = try TorchFileWriter(path: scratch.path + "/a", entries: entries, metadata: about)
    try torch.write([Float(1)])
    try torch.finish()
    let safetensors = try SafetensorsWriter(
      path: scratch.path + "/b", entries: entries, metadata: about)
    try safetensors.write([Float(1)])
    try safetensors.finish()
    for name in ["a", "b"] {
      let told = try WeightsFile(path: "\(scratch.path)/\(name)").metadata
      #expect(told == about && told["classes"]?.utf8.count == about["classes"]?.utf8.count)
    }
  }

  @Test func `knows a tar file`() throws {
    let scratch = try Scratch()
    let bytes = [UInt8](repeating: 65, count: 257) + Array("ustar".utf8)
    let path = try scratch.file("weights.pth", bytes)
    let error = #expect(throws: WeightsFileError.self) { _ = try WeightsFile(path: path) }
    #expect(error?.description.hasPrefix("\(path): a tar file") == true)
  }

  @Test(arguments: [
    "resnet18.pth", "resnet18-f37072f.pth", "resnet18-F37072FD.pth", "resnet18_f37072fd.pth",
    "f37072fd.pth", "notes-f37072fd.txt", "a-12345678/resnet18.pth", "",
  ])
  func `finds no digest where none is`(path: String) { #expect(digestDigits(inName: path) == nil) }

  @Test func `finds the digits of a digest`() {
    #expect(digestDigits(inName: "/a-12345678/resnet18-f37072fd.pth") == "f37072fd")
    #expect(digestDigits(inName: "tf_efficientnet_lite0-0aa007d2.pth") == "0aa007d2")
  }
}

/// Expects a `WeightsFileError` with this problem.
func refuses(
  _ problem: WeightsFileError.Problem, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  let error = #expect(throws: WeightsFileError.self, sourceLocation: sourceLocation) { try body() }
  #expect(error?.problem == problem, sourceLocation: sourceLocation)
}
