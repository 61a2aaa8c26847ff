@testable import Interchange
import Support
import Testing

@Suite struct LegacyTorchTests {
  /// A file of the older format with the tensor `w` over storage `0`, the list of keys, and for each
  /// storage the count that it has written before 16 bytes.
  private func complaintOf(
    keys: [String] = ["0"], counts: [Int] = [4], protocol version: UInt16 = 1001,
    storage: String = "FloatStorage", declared: Int = 4
  ) throws -> String {
    var bytes = TorchContents.legacyStart + [0x80, 2, PickleOpcode.binInt2.rawValue]
    bytes.append(little: version)
    bytes += [0x2E, 0x80, 2, 0x7D, 0x2E]
    bytes += Pickle.tensor(storage: storage, count: declared, extents: [2], strides: [1])
    var list = Pickle()
    list.put(.emptyList, .mark)
    for key in keys { list.text(key) }
    list.put(.appends, .stop)
    bytes += list.bytes
    for count in counts {
      bytes.append(little: count)
      bytes += [UInt8](repeating: 0, count: 16)
    }
    let scratch = try Scratch()
    return try complaint(scratch.file("x.pth", bytes))
  }

  @Test func `reads the file that the others are made of`() throws {
    #expect(try complaintOf() == "")
  }

  @Test func `refuses storages that lie`() throws {
    for count in [3, 5, -1, 1 << 62, .max] {
      #expect(
        try complaintOf(counts: [count])
          == "storage 0 has \(count) numbers, where 4 are wanted, and the file has 16 bytes left for them"
      )
    }
    #expect(
      try complaintOf(counts: [1 << 61], declared: 1 << 61)
        == "storage 0 has \(1 << 61) numbers, where \(1 << 61) are wanted, and the file has 16 bytes left for them"
    )
    #expect(
      try complaintOf(storage: "DoubleStorage")
        == "storage 0 has 4 numbers, where 4 are wanted, and the file has 16 bytes left for them")
    #expect(
      try complaintOf(keys: ["0", "1"], counts: [4, 4])
        == "storage 1 is of no tensor, or there twice")
    #expect(
      try complaintOf(keys: ["0", "0"], counts: [4, 4])
        == "storage 0 is of no tensor, or there twice")
    #expect(
      try complaintOf(keys: [], counts: []) == "the tensor w needs the storage 0, which is missing")
    #expect(try complaintOf(counts: []) == "storage 0 is cut off by the end of the file")
  }

  @Test func `refuses another protocol`() throws {
    #expect(
      try complaintOf(protocol: 1002) == "a PyTorch file of a protocol other than 1001")
  }
}
