import Files
import Interchange
import Support
import Tensors
import Testing

@Suite struct SafetensorsFileTests {
  @Test func `reads what Python wrote`() throws {
    let file = try SafetensorsFile(path: golden("types.safetensors"))
    #expect(file.metadata == ["format": "pt", "quote \"": "line\n"])
    let exact: [Float] = [0, -1.5, 2.25, 1e-3, 65504, -0.0]
    for (name, expected) in [
      ("f64", exact), ("f32", exact),
      ("f16", [0, -1.5, 2.25, 0.0010004043579101562, 65504, -0.0]),
      ("bf16", [0, -1.5, 2.25, 0.00099945068359375, 65536, -0.0]),
    ] {
      let entry = try file.entry(named: name)
      #expect(entry.shape == [2, 3])
      #expect(try file.floats(entry).map(\.bitPattern) == expected.map(\.bitPattern), "\(name)")
    }
    #expect(try file.values(file.entry(named: "i64")) == [Int64.min, -1, 0, Int64.max])
    #expect(try file.values(file.entry(named: "scalar")) == [Int64(7)])
    #expect(try file.floats(file.entry(named: "empty")) == [])
    #expect(try file.entry(named: "empty").shape == [0, 3])
    #expect(try file.floats(file.entry(named: "quote \" back \\ line \n höher 🎻")) == [4])
  }

  /// Weights that half precision holds as subnormals, below 6e-5, are read on threads of ours.
  @Test func `reads half precision where denormals are flushed`() {
    let numbers = Tensor(uninitialized: [65536])
    SystemThread {
      for bits in 0...UInt16.max { numbers.pointer[Int(bits)] = Float(halfBits: bits) }
    }.join()
    for bits in 0...UInt16.max {
      let (number, expected) = (numbers.pointer[Int(bits)], Float(Float16(bitPattern: bits)))
      #expect(
        number.bitPattern == expected.bitPattern || (number.isNaN && expected.isNaN), "\(bits)")
    }
  }

  @Test func `refuses other types and names`() throws {
    let path = golden("types.safetensors")
    let file = try SafetensorsFile(path: path)
    let bytes = try file.entry(named: "u8")
    expectProblem(.type(tensor: "u8", is: .u8, wanted: "a float")) { _ = try file.floats(bytes) }
    let doubles = try file.entry(named: "f64")
    expectProblem(.type(tensor: "f64", is: .f64, wanted: "I64")) {
      _ = try file.values(doubles, as: Int64.self)
    }
    expectProblem(.missing(tensor: "f63")) { _ = try file.entry(named: "f63") }
  }

  /// Headers that lie, each with the four bytes of data that the sound one would have.
  @Test(arguments: [
    (#"{}"#, SafetensorsError.Problem.gap(from: 0, to: 4)),
    (#"["a"]"#, .header(byte: 0, expected: "{")),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, .header(byte: 53, expected: "}")),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x"#,
      .header(byte: 54, expected: "the end")
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1]}}"#,
      .header(byte: 32, expected: "dtype, shape and data_offsets of a")
    ),
    (
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
      .header(byte: 29, expected: "an integer below 2^63")
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
      .header(byte: 52, expected: "two ascending offsets")
    ),
    (
      #"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#,
      .header(byte: 29, expected: "an integer below 2^63")
    ),
    (#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, .unknownType("F33", tensor: "a")),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
      .shapeTooLarge(tensor: "a")
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      .size(tensor: "a", needs: 8, has: 4)
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, .truncated(needs: 8, has: 4)
    ),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, .gap(from: 3, to: 4)
    ),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, .gap(from: 0, to: 1)
    ),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
      .overlap(tensor: "b", begins: 2, ended: 3)
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
      .duplicate("a")
    ),
    (#"{"\ud800":{}}"#, .header(byte: 8, expected: "a pair of surrogates before")),
    (#"{"\u+123":{}}"#, .header(byte: 4, expected: "four hexadecimal digits")),
    (#"{"a"#, .header(byte: 3, expected: "a closing quote")),
  ])
  func `names what is wrong`(header: String, problem: SafetensorsError.Problem) throws {
    let scratch = try Scratch()
    let path = try scratch.file("bad.safetensors", file(header: header, data: [0, 0, 0, 0]))
    expectProblem(problem, at: path) { _ = try SafetensorsFile(path: path) }
  }

  @Test func `names a file that is too short or none`() throws {
    let scratch = try Scratch()
    let short = try scratch.file("short", [1, 2, 3])
    expectProblem(.truncated(needs: 8, has: 3), at: short) { _ = try SafetensorsFile(path: short) }
    let cut = try scratch.file("cut", [9, 0, 0, 0, 0, 0, 0, 0, 0x7B])
    expectProblem(.truncated(needs: 17, has: 9), at: cut) { _ = try SafetensorsFile(path: cut) }
    let text = try scratch.file("text", Array("a text file".utf8))
    expectProblem(.headerTooLong(0x6620_7478_6574_2061), at: text) {
      _ = try SafetensorsFile(path: text)
    }
    #expect(throws: FileError.self) { _ = try SafetensorsFile(path: scratch.path) }
    #expect(throws: FileError.self) { _ = try SafetensorsFile(path: scratch.path + "/none") }
  }
}

func file(header: String, data: [UInt8]) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8 + data
}

/// Expects a `SafetensorsError` with this problem, and the path when there is one.
func expectProblem(
  _ problem: SafetensorsError.Problem, at path: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = #expect(throws: SafetensorsError.self, sourceLocation: sourceLocation) { try body() }
  #expect(error?.problem == problem, sourceLocation: sourceLocation)
  if let path { #expect(error?.path == path, sourceLocation: sourceLocation) }
}
