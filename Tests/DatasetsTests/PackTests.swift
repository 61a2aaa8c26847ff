import Files
import FoundationEssentials
import Glibc
import Images
import Support
import Tensors
import Testing

@testable import Datasets

/// Photos in a pack are those that were packed, and what isn't is told.
@Suite struct PackTests {
  private let folder: Scratch
  private let pool = ThreadPool(threads: 2)

  init() throws { folder = try Scratch() }

  private func pack(
    _ photos: String, _ form: PackForm = .files, to name: String = "photos.pack",
    shardBytes: Int = 10_000, skipsCorrupt: Bool = false
  ) throws -> Packing.Result {
    try Packing(form, shardBytes: shardBytes, groupBy: nil, skipsCorrupt: skipsCorrupt).write(
      Dataset.open(path: photos, demanding: skipsCorrupt ? [] : .all),
      to: "\(folder.path)/\(name)", pool
    ) {}
  }

  private func open(_ name: String = "photos.pack") throws -> Dataset {
    try Dataset.open(path: "\(folder.path)/\(name)")
  }

  private func shard(_ number: Int) -> String {
    "\(folder.path)/photos.pack/shard-0000\(number).pack"
  }

  private func problem(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return "\(error)" }
  }

  @Test func `packed files are the folder's, and come out of it again`() throws {
    let photos = try Dataset.open(path: "\(Golden.folder)/photos")
    let result = try pack("\(Golden.folder)/photos")
    #expect(result.photos == 30 && result.shards == 3)
    let packed = try open()
    #expect(packed.pack?.bytes == result.bytes)
    #expect(packed.classes == photos.classes && packed.samples == photos.samples)
    #expect(packed.listBytes == photos.listBytes)
    for index in photos.samples.indices {
      #expect(try packed.image(index) == photos.image(index))
      #expect(try packed.contentDigest(of: index) == photos.contentDigest(of: index))
    }
    try packed.unpack(to: "\(folder.path)/out") {}
    let copy = try Dataset.open(path: "\(folder.path)/out/manifest.csv")
    #expect(copy.samples == photos.samples)
    for index in photos.samples.indices {
      let name = photos.name(of: index)
      #expect(try contents(of: copy.name(of: index)) == contents(of: name))
    }
  }

  @Test func `a pack keeps what a manifest says, and twins`() throws {
    for number in 0..<4 {
      try folder.write(Golden.bytes("photos/disc/0\(number).jpg"), to: "in/a b/\(number).jpg")
    }
    #expect(link("\(folder.path)/in/a b/0.jpg", "\(folder.path)/in/twin.jpg") == 0)
    let other = try Golden.bytes("photos/cross/00.jpg")
    let elsewhere = try folder.file("elsewhere/x.jpg", other)
    try folder.write(
      """
      path,label,split,group,fold
      a b/0.jpg,"cat, big",train,ann,0
      twin.jpg,"cat, big",train,ann,0
      a b/1.jpg,dög,train,,1
      a b/2.jpg,dög,test,,
      \(elsewhere),"cat, big",validation,,0

      """, to: "in/list.csv")
    let manifest = try Dataset.open(path: "\(folder.path)/in/list.csv")
    #expect(manifest.twins.count == 1)
    _ = try pack("\(folder.path)/in/list.csv", shardBytes: 2000)
    let packed = try open()
    #expect(packed.listBytes == manifest.listBytes && packed.twins == manifest.twins)
    #expect(packed.classes == ["cat, big", "dög"] && packed.pack?.shards.count == 3)
    try packed.unpack(to: "\(folder.path)/out") {}
    let copy = try Dataset.open(path: "\(folder.path)/out/manifest.csv")
    // A path from elsewhere stays below the folder.
    #expect(copy.samples.allSatisfy { !Paths.isAbsolute($0.path) })
    #expect(
      Set(
        copy.samples.map {
          "\($0.label) \($0.split?.rawValue ?? "") \($0.group ?? "") \($0.fold ?? -1)"
        })
        == Set(
          manifest.samples.map {
            "\($0.label) \($0.split?.rawValue ?? "") \($0.group ?? "") \($0.fold ?? -1)"
          }))
  }

  @Test func `packed weights and soft labels`() throws {
    let photos = try Dataset.open(path: "\(Golden.folder)/photos")
    let samples = photos.samples.enumerated().map { index, sample in
      Sample(
        path: sample.path, label: sample.label, split: nil, bytes: sample.bytes,
        weight: Float(index) / 3, softLabel: index == 4 ? [0.25, 0.5, 0.25] : nil)
    }
    let weighted = Dataset(classes: photos.classes, samples: samples, source: photos.source)
    _ = try Packing(.files, shardBytes: 9000, groupBy: "voter", skipsCorrupt: false)
      .write(weighted, to: "\(folder.path)/photos.pack", pool) {}
    #expect(try open().samples == samples)
    #expect(throws: Never.self) {
      try Dataset.open(path: "\(folder.path)/photos.pack", groupBy: "voter")
    }
    #expect(
      problem { _ = try Dataset.open(path: "\(folder.path)/photos.pack", groupBy: "place") }?
        .contains("packed with groups by `voter`, so data.group-by: place can't be had") == true)
  }

  @Test func `JPEGs and pixels of a size`() throws {
    let photos = try Dataset.open(path: "\(Golden.folder)/photos")
    let size = try photos.image(0).size
    let side = min(size.height, size.width) - 8
    _ = try pack("\(Golden.folder)/photos", .jpeg(shorterSide: side, quality: 90))
    _ = try pack("\(Golden.folder)/photos", .pixels(shorterSide: side), to: "raw.pack")
    _ = try pack("\(Golden.folder)/photos", .pixels(shorterSide: nil), to: "all.pack")
    _ = try pack("\(Golden.folder)/photos", .jpeg(shorterSide: 999, quality: 90), to: "same.pack")
    let (packed, raw) = (try open(), try open("raw.pack"))
    let (all, same) = (try open("all.pack"), try open("same.pack"))
    #expect(same.listBytes == photos.listBytes)
    for index in photos.samples.indices {
      let image = try photos.image(index)
      let shrunk = image.shrunk(shorterSide: side)
      #expect(min(shrunk.height, shrunk.width) == side)
      #expect(try raw.image(index) == shrunk && all.image(index) == image)
      let jpeg = try Image(photo: shrunk.jpeg(quality: 90), path: "")
      #expect(try packed.image(index) == jpeg)
    }
    // What is unpacked is the same photos.
    for (name, dataset) in [("packed", packed), ("raw", raw)] {
      try dataset.unpack(to: "\(folder.path)/\(name)") {}
      let copy = try Dataset.open(path: "\(folder.path)/\(name)/manifest.csv")
      for index in photos.samples.indices {
        #expect(try copy.image(index) == dataset.image(index))
      }
    }
    #expect(try Dataset.open(path: "\(folder.path)/raw").samples[0].path == "cross/00.jpg.png")
  }

  @Test func `the same photos give the same bytes`() throws {
    for (name, threads) in [("a.pack", 1), ("b.pack", 3)] {
      _ = try Packing(.pixels(shorterSide: 20), shardBytes: 9000, groupBy: nil, skipsCorrupt: false)
        .write(
          Dataset.open(path: "\(Golden.folder)/photos"), to: "\(folder.path)/\(name)",
          ThreadPool(threads: threads)
        ) {}
    }
    let names = try FileWriting.names(in: "\(folder.path)/a.pack")
    #expect(try names == FileWriting.names(in: "\(folder.path)/b.pack") && names.count > 2)
    for name in names {
      #expect(
        try contents(of: "\(folder.path)/a.pack/\(name)")
          == contents(of: "\(folder.path)/b.pack/\(name)"))
    }
  }

  @Test func `any byte of a shard that changes is told`() throws {
    _ = try pack("\(Golden.folder)/photos", shardBytes: 1 << 20)
    let honest = try contents(of: shard(0))
    let header = try PackHeader(
      Array(honest.prefix(PackHeader.length)), of: "", fileBytes: honest.count)
    let (first, path) = (try open().samples[0], "\(folder.path)/photos.pack")
    // All of the header, and bytes here and there of photos and index.
    let places = Array(0..<128) + stride(from: 128, to: honest.count, by: 97)
    for place in places {
      var bytes = honest
      bytes[place] ^= 0x10
      try folder.write(bytes, to: "photos.pack/shard-00000.pack")
      if place < 128 || place >= header.indexPlace {
        #expect(throws: PackError.self, "byte \(place)") { try open() }
      } else {
        let dataset = try open()
        let wrong = dataset.samples.indices.compactMap { index in
          problem { _ = try dataset.image(index) }
        }
        #expect(wrong.count == 1, "byte \(place)")
        if place < 128 + first.bytes {
          #expect(
            wrong == [
              PhotoError.changedInPack(path: "\(path): \(first.path)", shard: shard(0)).description
            ])
        }
      }
    }
  }

  @Test func `packs that are cut, mixed up or incomplete are told`() throws {
    _ = try pack("\(Golden.folder)/photos")
    _ = try pack("\(Golden.folder)/photos", .pixels(shorterSide: 16), to: "other.pack")
    let honest = try (0..<3).map { try contents(of: shard($0)) }
    let other = try contents(of: "\(folder.path)/other.pack/shard-00001.pack")
    func told(_ number: Int, _ bytes: [UInt8]?) throws -> String? {
      let name = "photos.pack/shard-0000\(number).pack"
      if let bytes {
        try folder.write(bytes, to: name)
      } else {
        try FileManager.default.removeItem(atPath: shard(number))
      }
      defer { try? folder.write(honest[number], to: name) }
      return problem { _ = try open() }
    }
    let whole = honest[1].count
    #expect(
      try told(1, honest[1].dropLast())
        == "\(shard(1)): cut short: \(whole - 1) bytes where it was "
        + "written with \(whole); copy it again")
    #expect(try told(1, honest[1] + [0])?.contains("grown: \(whole + 1) bytes") == true)
    #expect(try told(1, Array(honest[1].prefix(100)))?.contains("cut short: 100 bytes") == true)
    #expect(try told(1, [])?.contains("cut short: 0 bytes") == true)
    #expect(
      try told(1, nil)
        == "\(shard(1)): missing, though shard-00002.pack is there; copy it again, or move that one away if it "
        + "is not of this pack")
    #expect(try told(0, nil)?.hasPrefix("\(shard(0)): missing") == true)
    #expect(
      try told(2, nil)?.contains("photos.pack: the pack goes on after its 2 files here") == true)
    #expect(try told(1, other)?.hasPrefix("\(shard(1)): of another pack") == true)
    #expect(try told(1, honest[0])?.hasPrefix("\(shard(1)): of another pack") == true)
    let zeros = [UInt8](repeating: 0, count: 128) + honest[1].dropFirst(128)
    #expect(try told(1, zeros)?.hasPrefix("\(shard(1)): was never finished") == true)
    #expect(
      try told(1, Array("a text of some length".utf8) + zeros)?.contains("no file of a pack")
        == true)
    var later = honest[1]
    later[8] = 2
    #expect(try told(1, later)?.contains("of version 2, and this tutti reads version 1") == true)
    #expect(
      problem { _ = try Dataset.open(path: shard(0)) }
        == "\(shard(0)): one file of a pack; give its "
        + "folder, \(folder.path)/photos.pack")
    #expect(try told(1, honest[1]) == nil)
  }

  @Test func `another process's pack is the same, or told`() throws {
    _ = try pack("\(Golden.folder)/photos")
    let (own, path) = (try open(), "\(folder.path)/photos.pack")
    let description = try #require(try own.pack?.description())
    let copy = try Dataset(packAt: path, described: description)
    #expect(copy.listBytes == own.listBytes)
    #expect(try copy.image(29) == own.image(29))
    try FileManager.default.removeItem(atPath: path)
    _ = try pack("\(Golden.folder)/photos", .pixels(shorterSide: nil))
    #expect(
      problem { _ = try Dataset(packAt: path, described: description) }
        == "\(shard(0)): not the same as on "
        + "rank 0; put the same pack on all hosts")
  }

  @Test func `what fails leaves nothing, and nobody's folder is touched`() throws {
    try folder.write(Golden.bytes("photos/disc/00.jpg"), to: "in/a/1.jpg")
    try folder.write(Golden.bytes("photos/disc/01.jpg"), to: "in/b/2.jpg")
    try folder.write(Golden.bytes("photos/disc/02.jpg").dropLast(9), to: "in/b/3.jpg")
    try folder.write("GIF89a", to: "in/b/4.jpg")
    #expect(
      problem { _ = try pack("\(folder.path)/in", .jpeg(shorterSide: 9, quality: 90)) }?
        .hasPrefix("\(folder.path)/in/b/3.jpg: a damaged or unsupported JPEG") == true)
    #expect(
      problem { _ = try pack("\(folder.path)/in") }?.hasPrefix(
        "\(folder.path)/in/b/4.jpg: a GIF image") == true)
    #expect(try FileWriting.names(in: folder.path) == ["in"])

    let result = try pack("\(folder.path)/in", skipsCorrupt: true)
    #expect(result.photos == 2 && result.leftOut.count == 2)
    #expect(try open().samples.map(\.path) == ["a/1.jpg", "b/2.jpg"])
    #expect(problem { _ = try pack("\(folder.path)/in") }?.contains("is there already") == true)
    #expect(
      problem { _ = try pack(folder.path + "/photos.pack", to: "x") }?.contains("a pack already")
        == true)

    // What a killed process left is removed, and nothing else.
    for name in ["new.pack.partial", "new.pack.partial-00", "new.pack.partial-0123456789abcdef"] {
      try folder.write("mine", to: "\(name)/notes.txt")
    }
    try folder.write("", to: "new.pack.partial-00000000000000ff/.in-use")
    try folder.write("half", to: "new.pack.partial-00000000000000ff/shard-00000.pack")
    _ = try pack("\(folder.path)/in", to: "new.pack", skipsCorrupt: true)
    #expect(try FileWriting.names(in: "\(folder.path)/new.pack") == ["shard-00000.pack"])
    #expect(
      try FileWriting.names(in: folder.path).filter { $0.hasPrefix("new.pack") } == [
        "new.pack", "new.pack.partial", "new.pack.partial-00", "new.pack.partial-0123456789abcdef",
      ])
  }

  @Test func `what a training needs of a folder it needs of its pack`() throws {
    func training(_ lines: String) throws -> String? {
      let name = "x\(lines.hashValue).pack"
      try folder.write("path,label,split,fold\n" + lines, to: "in/list.csv")
      _ = try Packing(.files, shardBytes: 1 << 20, groupBy: nil, skipsCorrupt: false).write(
        Dataset.open(path: "\(folder.path)/in/list.csv", demanding: .files),
        to: "\(folder.path)/\(name)", pool
      ) {}
      let path = "\(folder.path)/\(name)"
      #expect(throws: Never.self) { try Dataset.open(path: path, demanding: []) }
      return problem { _ = try Dataset.open(path: path) }?.replacing(path, with: "PACK")
    }
    for number in 0..<3 {
      try folder.write(Golden.bytes("photos/disc/0\(number).jpg"), to: "in/\(number).jpg")
    }
    #expect(try training("0.jpg,a,,\n1.jpg,b,,\n") == nil)
    #expect(
      try training("0.jpg,a,,\n1.jpg,a,,\n")
        == "PACK: only one class, a; a classifier needs at least two")
    #expect(
      try training("0.jpg,a,train,\n1.jpg,b,test,\n")?.hasPrefix(
        "PACK: no photo of the class b to train on") == true)
    #expect(
      try training("0.jpg,a,,0\n1.jpg,b,,2\n2.jpg,b,,2\n")
        == "PACK: no photo has fold 1, but some have others")
  }

  @Test func `a pack that makes no sense is told`() throws {
    func told(_ classes: [String], _ samples: [Sample]) throws -> String? {
      let writer = try ShardWriter(
        number: 0, link: [UInt8](repeating: 0, count: 16), in: folder.path, expectedBytes: nil)
      for sample in samples { try writer.append([1, 2, 3], of: sample) }
      _ = try writer.finish(
        isLast: true, classes: classes,
        rest: PackIndex.Rest(form: .files, groupBy: nil, twins: []))
      try folder.makeFolder("odd")
      try folder.write(contents(of: "\(folder.path)/shard-00000.pack"), to: "odd/shard-00000.pack")
      return problem { _ = try Dataset.open(path: "\(folder.path)/odd", demanding: []) }
    }
    func sample(
      _ path: String, _ label: Int = 0, split: Split? = nil, group: String? = nil, fold: Int? = nil,
      soft: [Float]? = nil
    ) -> Sample {
      Sample(
        path: path, label: label, split: split, bytes: 3, group: group, fold: fold, softLabel: soft)
    }
    #expect(try told(["a", "b"], [sample("1"), sample("2", 1)]) == nil)
    for (classes, samples, problem) in [
      (["a", "a"], [sample("1")], "classes are not in order"),
      (["a", "b"], [sample("1"), sample("1", 1)], "1 is in it twice"),
      (["a"], [sample("1", fold: 1_000_000_000_000)], "1 has fold 1000000000000"),
      (["a"], [sample("1", split: .train), sample("2")], "2 has no split"),
      (
        ["a"], [sample("1", split: .train, group: "g"), sample("2", split: .test, group: "g")],
        "2 is in another split or fold than its group"
      ),
      (["a", "b"], [sample("1", soft: [0, 0])], "its index can't be read"),
    ] {
      #expect(
        try told(classes, samples)?.contains("not written by tutti data pack: ") == true)
      #expect(try told(classes, samples)?.contains(problem) == true)
    }
  }

  @Test func `shards of two packs of pixels don't mix`() throws {
    for (name, source) in [("a", "disc"), ("b", "stripes")] {
      for number in 0..<4 {
        try folder.write(
          Golden.bytes("photos/\(source)/0\(number).jpg"), to: "\(name)/x/\(number).jpg")
        try folder.write(
          Golden.bytes("photos/cross/0\(number).jpg"), to: "\(name)/y/\(number).jpg")
      }
      _ = try pack(
        "\(folder.path)/\(name)", .pixels(shorterSide: 16), to: "\(name).pack", shardBytes: 3000)
    }
    let (a, b) = (try open("a.pack"), try open("b.pack"))
    // Names and lengths are the same, and so would be their digests.
    #expect(a.samples.map(\.path) == b.samples.map(\.path))
    #expect(a.identityBytes != b.identityBytes)
    let last = try #require(try FileWriting.names(in: "\(folder.path)/a.pack").last)
    try folder.write(contents(of: "\(folder.path)/b.pack/\(last)"), to: "a.pack/\(last)")
    #expect(problem { _ = try open("a.pack") }?.contains("\(last): of another pack") == true)
  }

  @Test func `photos whose names meet aren't unpacked over each other`() throws {
    let elsewhere = try folder.file("x/1.jpg", Golden.bytes("photos/cross/00.jpg"))
    try folder.write(Golden.bytes("photos/disc/00.jpg"), to: "in\(elsewhere)")
    let name = elsewhere.dropFirst()
    try folder.write("path,label\n\(name),a\n\(elsewhere),b\n", to: "in/list.csv")
    _ = try pack("\(folder.path)/in/list.csv")
    let packed = try open()
    #expect(
      problem { try packed.unpack(to: "\(folder.path)/out") {} }
        == "\(elsewhere) and \(name) would both be "
        + "unpacked to \(name); rename one before packing")
    #expect(try !FileWriting.names(in: folder.path).contains { $0.hasPrefix("out") })
  }
}
