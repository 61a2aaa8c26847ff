import Files
import Interchange
import Support
import Tensors
import Testing

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
