import Foundation
import Inference
import Support
import Testing

@Suite struct FeatureCacheFuzzTests {
  private let scratch: Scratch
  private var cache: FeatureCache {
    FeatureCache(folder: scratch.path, key: String(repeating: "k", count: 16))
  }

  init() throws { scratch = try Scratch() }

  @Test func `features are those that were written, or none`() throws {
    let features = Features(width: 3, values: [1, 2, 3, 4, 5, 6])
    try cache.write(features)
    let honest = try contents(of: cache.path)
    try Fuzzing.run("features", seeds: [honest]) { input in
      try Data(input).write(to: URL(filePath: cache.path))
      let read = cache.read(photos: 2, width: 3)
      #expect(read == nil || read == features)
    }
  }

  /// With a digest that is right: the width decides what a head reads.
  @Test func `features of another width, number or of no finite numbers are none`() throws {
    for (width, values) in [
      (2, [1, 2, 3, 4]), (6, [1, 2, 3, 4, 5, 6]), (3, [1, 2, 3]), (3, [1, 2, .nan, 4, 5, 6]),
      (3, [1, 2, .infinity, 4, 5, 6]),
    ] as [(Int, [Float])] {
      try cache.write(Features(width: width, values: values))
      #expect(cache.read(photos: 2, width: 3) == nil, "\(values) by \(width)")
    }
  }
}
