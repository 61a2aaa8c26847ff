import Files
import FoundationEssentials
import Images
import Support
import Tensors
import Testing

@testable import Datasets

@Suite struct PackFuzzTests {
  @Test func `a pack is read, or refused with its file`() throws {
    let folder = try Scratch()
    let photos = try Dataset.open(path: "\(Golden.folder)/photos")
    let few = Dataset(
      classes: photos.classes,
      samples: photos.samples.prefix(3).enumerated().map { index, sample in
        Sample(
          path: sample.path, label: index / 2, split: .train, bytes: sample.bytes, group: "g",
          fold: 0, weight: 0.5, softLabel: [0.5, 0.5, 0])
      }, source: photos.source, twins: [Twins(first: 0, second: 1)])
    var seeds: [[UInt8]] = []
    for (number, form) in [PackForm.files, .pixels(shorterSide: 6)].enumerated() {
      let path = "\(folder.path)/\(number).pack"
      _ = try Packing(form, shardBytes: 1 << 20, groupBy: nil, skipsCorrupt: false)
        .write(few, to: path, .caller) {}
      seeds.append(try contents(of: "\(path)/shard-00000.pack"))
    }
    try Fuzzing.run(
      "pack", seeds: seeds,
      words: ["TUTTIPCK", "\0", "-", "0", " weights", " soft", "{}", "{\"twins\":[", "\"pixels\""]
        .map { Array($0.utf8) },
      isRefusal: { $0 is PackError || $0 is PhotoError }, mending: mend
    ) { input in
      try folder.write(input, to: "x.pack/shard-00000.pack")
      let dataset = try Dataset.open(path: "\(folder.path)/x.pack", demanding: []).decoded(
        by: Decoding(background: FillColour([255]), mostPixels: 1 << 20))
      #expect(try SampleList(dataset.listBytes).samples == dataset.samples[...])
      // What is made of a list that was read.
      #expect(dataset.labels.count == dataset.classes.count)
      _ = try? dataset.labelled(as: photos.classes)
      let all = Array(dataset.samples.indices)
      _ = try? dataset.folds(of: all, count: nil, seed: 1)
      _ = try? dataset.split(validation: 0.2, test: 0.2, seed: 1)
      _ = DataSummary(dataset, all.map { dataset.check($0) }, path: "x.pack", duplicates: nil)
      for index in dataset.samples.indices {
        let image = try dataset.image(index)
        #expect(image.height * image.width <= 1 << 20)
      }
    }
  }

  /// Makes lengths and digests fit, so that what they guard is read.
  private func mend(_ bytes: inout [UInt8]) {
    guard bytes.count >= PackHeader.length else { return }
    func number(_ place: Int) -> Int { Int(truncatingIfNeeded: bytes.uint64(at: place)) }
    let (photos, index, list) = (number(24), number(32), number(48))
    guard (PackHeader.length...bytes.count).contains(index) else { return }
    if let header = try? PackHeader(
      Array(bytes.prefix(PackHeader.length)), of: "", fileBytes: bytes.count),
      let samples = try? SampleList(
        Array(bytes[(index + 32 * photos)..<(index + 32 * photos + list)])),
      header.photos == samples.samples.count
    {
      var place = PackHeader.length
      for (photo, sample) in samples.samples.enumerated() {
        guard (0...(index - place)).contains(sample.bytes) else { break }
        let digest = Digest.bytes(of: Array(bytes[place..<(place + sample.bytes)]))
        bytes.replaceSubrange((index + 32 * photo)..<(index + 32 * photo + 32), with: digest)
        place += sample.bytes
      }
    }
    let mended = PackHeader(
      number: Int(bytes.uint32(at: 12)), isLast: bytes.uint32(at: 16) == 1, photos: max(0, photos),
      indexPlace: index, index: Array(bytes[index...]), listBytes: max(0, list),
      link: Array(bytes[56..<72]))
    bytes.replaceSubrange(0..<PackHeader.length, with: mended.bytes)
  }
}
