import CZlib
import Datasets
import Images
import Support
import Testing

@Suite struct IDXFuzzTests {
  private let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6]
  private let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 7, 9, 7]

  /// As `gzip` makes it.
  private func zipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try Scratch()
    let path = "\(folder.path)/a.gz"
    let file = try #require(gzopen(path, "wb"))
    _ = bytes.withUnsafeBufferPointer { gzwrite(file, $0.baseAddress, UInt32($0.count)) }
    gzclose(file)
    return try contents(of: path)
  }

  /// Reads a folder whose images, or else labels, are the input.
  private func check(_ name: String, seeds: [[UInt8]], asLabels: Bool, isZipped: Bool) throws {
    let folder = try Scratch()
    let (imagesName, labelsName) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    try folder.write(asLabels ? images : labels, to: asLabels ? imagesName : labelsName)
    let input = (asLabels ? labelsName : imagesName) + (isZipped ? ".gz" : "")
    try Fuzzing.run(
      name, seeds: seeds, words: [[0, 0, 8, 3], [0, 0, 8, 1], [0x1F, 0x8B, 8], [0, 0, 0, 3]]
    ) { bytes in
      try folder.write(bytes, to: input)
      let dataset = try Dataset.open(path: folder.path)
      #expect(dataset.samples.count == 3)
      for sample in dataset.samples.indices {
        #expect(try dataset.image(sample).size == dataset.imageSize)
      }
    }
  }

  @Test func `images are read, or refused`() throws {
    try check("idx-images", seeds: [images], asLabels: false, isZipped: false)
  }

  @Test func `labels are read, or refused`() throws {
    try check("idx-labels", seeds: [labels], asLabels: true, isZipped: false)
  }

  @Test func `images in gzip are read, or refused`() throws {
    // A file may have several members, one behind the other.
    let members = try zipped(Array(images[..<9])) + zipped(Array(images[9...]))
    try check("gzip", seeds: [zipped(images), members], asLabels: false, isZipped: true)
  }
}
