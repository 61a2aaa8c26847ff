import Files
import Support
import Testing
@testable import Interchange

@Suite struct HostileZipTests {
  /// A sound file of two members, of which the second is `x/data/0`, after `change`.
  private func changed(_ change: (inout Archive) -> Void) throws -> String {
    let scratch = try Scratch()
    let pickle = Pickle.tensor(extents: [4], strides: [1])
    var archive = Archive(try contents(of: scratch.torchFile(pickle)))
    change(&archive)
    return try complaint(scratch.file("x.pt", archive.bytes))
  }

  @Test func `reads the file that the others are made of`() throws {
    #expect(try changed { _ in } == "")
  }

  @Test func `refuses members that aren't stored`() throws {
    #expect(
      try changed { $0.set(UInt16(8), at: $0.record + 10) }
        == "x/data/0 is packed (method 8), which PyTorch never does: unzip the file and zip it with -0"
    )
    #expect(try changed { $0.set(UInt16(1), at: $0.record + 8) } == "x/data/0 is encrypted")
  }

  /// Sizes as a zip bomb declares them: no memory is asked for.
  @Test func `refuses sizes that lie`() throws {
    #expect(
      try changed { $0.set(UInt32(1000), at: $0.record + 24) }
        == "x/data/0 is said to be 1000 bytes that take 16")
    #expect(
      try changed { $0.setSizes(0x7FFF_FFFF) }
        == "x/data/0 is said to have 2147483647 bytes, more than are left of the file")
    #expect(
      try changed { $0.setSizes(.max) }
        == "x/data/0 has a size or place that is missing or beyond 2^63")
  }

  @Test func `refuses places that lie`() throws {
    for place in [0, 5, 64, 0x7FFF_FFFF] as [UInt32] {
      #expect(
        try changed { $0.set(place, at: $0.record + 42) }
          == "x/data/0 begins at byte \(place), inside another part of the file or beyond its end")
    }
    var header = 0
    let reason = try changed {
      header = $0.localHeader
      $0.bytes[header] = 0
    }
    #expect(reason == "x/data/0 has no header at byte \(header)")
  }

  @Test func `refuses a damaged directory`() throws {
    #expect(
      try changed { $0.bytes[$0.record] = 0 }
        == "not a sound zip file: member 1 of its directory is damaged")
    #expect(
      try changed { $0.bytes[$0.record + 46] = 0xFF }
        == "not a sound zip file: the name of member 1 is no UTF-8")
    #expect(
      try changed { $0.set(UInt16(60_000), at: $0.end + 10) }
        .contains("its directory of 60000 members, 110 bytes at"))
    #expect(
      try changed { $0.set(UInt32.max - 1, at: $0.end + 12) }
        .contains("its directory of 2 members, 4294967294 bytes at"))
    #expect(
      try changed { $0.set(UInt16.max, at: $0.end + 10) }
        == "not a sound zip file: its zip64 record is damaged")
  }

  @Test func `refuses members that are missing or there twice`() throws {
    let scratch = try Scratch()
    let pickle = Pickle.tensor(extents: [4], strides: [1])
    let data = [UInt8](repeating: 0, count: 16)
    let one =
      "not a sound zip file: a PyTorch file has one member called NAME/data.pkl, this one has"
    #expect(try complaint(scratch.zip([("x/data/0", data)])) == "\(one) 0")
    #expect(
      try complaint(scratch.zip([("x/data.pkl", pickle), ("y/data.pkl", pickle)])) == "\(one) 2")
    #expect(
      try complaint(scratch.zip([("x/data.pkl", pickle), ("x/data.pkl", pickle)]))
        == "x/data.pkl is there twice")
    #expect(
      try complaint(
        scratch.zip([
          ("x/data.pkl", pickle), ("x/byteorder", Array("big".utf8)), ("x/data/0", data),
        ])) == "x/byteorder is \"big\", and only \"little\" is read")
  }

  /// Files beyond 4 GB have 64-bit numbers in other places.
  @Test func `reads sizes and places of 64 bits`() throws {
    func wide(size: Int, bomb: Int? = nil) throws -> String {
      try changed { archive in
        let (directory, length) = (archive.directory, archive.end - archive.directory)
        var extra: [UInt8] = [1, 0, 24, 0]
        for value in [size, size, archive.localHeader] { extra.append(little: value) }
        archive.setSizes(.max)
        archive.set(UInt32.max, at: archive.record + 42)
        archive.set(UInt16(extra.count), at: archive.record + 30)
        archive.bytes.insert(contentsOf: extra, at: archive.end)
        let wideEnd = archive.end
        var records: [UInt8] = Array("PK\u{6}\u{6}".utf8) + [UInt8](repeating: 0, count: 28)
        for value in [bomb ?? 2, length + extra.count, directory] {
          records.append(little: UInt64(value))
        }
        records += Array("PK\u{6}\u{7}".utf8) + [0, 0, 0, 0]
        records.append(little: UInt64(wideEnd))
        records += [1, 0, 0, 0]
        archive.bytes.insert(contentsOf: records, at: archive.end)
        for at in [12, 16] { archive.set(UInt32.max, at: archive.end + at) }
      }
    }
    #expect(try wide(size: 16) == "")
    #expect(
      try wide(size: 1 << 62)
        == "x/data/0 is said to have 4611686018427387904 bytes, more than are left of the file")
    #expect(
      try wide(size: -1) == "x/data/0 has a size or place that is missing or beyond 2^63")
    #expect(try wide(size: 16, bomb: 1 << 62).contains("its directory of 4611686018427387904 memb"))
  }

  @Test(arguments: ["zip.pt", "legacy.pt", "expected.safetensors"])
  func `refuses a file that was cut off`(name: String) throws {
    let scratch = try Scratch()
    let bytes = try contents(of: torchGolden(name))
    for length in stride(from: bytes.count - 1, to: -1, by: -7) {
      let path = try scratch.file("cut", Array(bytes[..<length]))
      #expect(throws: (any Error).self, "\(length)") { try readAll(path) }
    }
  }
}

/// The bytes of a zip file and places in it.
private struct Archive {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The last record, which has no comment.
  var end: Int { bytes.count - 22 }
  var directory: Int { bytes.lastIndex(of: "PK\u{1}\u{2}", count: 2) }
  /// The second member's record in the directory.
  var record: Int { bytes.lastIndex(of: "PK\u{1}\u{2}", count: 1) }
  var localHeader: Int { bytes.lastIndex(of: "PK\u{3}\u{4}", count: 1) }

  mutating func set<Number: FixedWidthInteger>(_ value: Number, at place: Int) {
    var little: [UInt8] = []
    little.append(little: value)
    bytes.replaceSubrange(place..<(place + little.count), with: little)
  }

  mutating func setSizes(_ size: UInt32) {
    for at in [20, 24] { set(size, at: record + at) }
  }
}

extension [UInt8] {
  /// Where the text begins the `count`th time from the end.
  fileprivate func lastIndex(of text: String, count: Int) -> Int {
    let places = indices.filter { self[$0...].starts(with: text.utf8) }
    return places[places.count - count]
  }
}
