import Files
import Interchange
import Support
import Tensors
import Testing

@Suite struct SafetensorsWriterTests {
  private let tensors = [
    SafetensorsEntry("count \"1\"\n", .i64, []),
    SafetensorsEntry("wide", .f64, [1, 2]),
    SafetensorsEntry("none", .f32, [0]),
    SafetensorsEntry("floats", .f32, [3]),
  ]

  private func write(to path: String, observe: @escaping (UnsafeRawBufferPointer) -> Void) throws {
    let writer = try SafetensorsWriter(
      path: path, entries: tensors, metadata: ["b": "2", "a": "1"], observe: observe)
    try writer.write([Int64(5)])
    try writer.write([0.1, -0.0])
    try writer.write([Float(1), 2])
    try writer.write([Float(3)])
    try writer.finish()
  }

  @Test func `writes the bytes of the format`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/x.safetensors"
    var observed: [UInt8] = []
    try write(to: path) { observed += $0 }
    let bytes = try contents(of: path)
    #expect(bytes == observed)
    let header =
      #"{"__metadata__":{"a":"1","b":"2"},"#
      + #""count \"1\"\u000a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
      + #""wide":{"dtype":"F64","shape":[1,2],"data_offsets":[8,24]},"#
      + #""none":{"dtype":"F32","shape":[0],"data_offsets":[24,24]},"#
      + #""floats":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}}"#
    let padded = header + String(repeating: " ", count: 7 - (header.utf8.count + 7) % 8)
    #expect(Array(bytes[8...].prefix(padded.utf8.count)) == Array(padded.utf8))
    #expect((bytes.count - 36) % 8 == 0)
  }

  @Test func `reads back`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/x.safetensors"
    try write(to: path) { _ in }
    let file = try SafetensorsFile(path: path)
    #expect(file.entries.map(\.name) == tensors.map(\.name))
    #expect(file.metadata == ["a": "1", "b": "2"])
    #expect(try file.values(file.entries[0]) == [Int64(5)])
    #expect(try file.values(file.entries[1]) == [0.1, -0.0])
    #expect(try file.floats(file.entries[2]) == [])
    #expect(try file.floats(file.entries[3]) == [1, 2, 3])
  }

  @Test func `refuses to finish too early`() throws {
    let scratch = try Scratch()
    let writer = try SafetensorsWriter(path: scratch.path + "/x", entries: tensors)
    try writer.write([Int64(5)])
    expectProblem(.unfinished(written: 8, of: 36)) { try writer.finish() }
  }

  @Test func `says that the disk is full`() throws {
    let error = #expect(throws: FileError.self) {
      _ = try SafetensorsWriter(path: "/dev/full", entries: tensors)
    }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("/dev/full can't be written: No space left on device; it needs "))
    #expect(message.contains("free some space"))
  }
}
