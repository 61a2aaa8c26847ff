import Images
import Tensors
import Testing

/// Every transform takes images of one pixel, of one row and of one column, grey and in colour.
@Suite struct OddImagesTests {
  @Test(arguments: Transforms.all.map { $0.word }.filter { $0 != Normalize.word })
  func `of one row or column`(word: String) throws {
    let type = try #require(Transforms.all.first { $0.word == word })
    for (height, width) in [(1, 1), (1, 300), (300, 1), (2, 3)] {
      for channels in [1, 3] {
        let size = ImageSize(height: height, width: width)
        let image = Image(filled: 200, size, channels: channels)
        let transform = type.init(imageSize: 8)
        let normalize = Normalize(
          mean: [Double](repeating: 0, count: channels),
          std: [Double](repeating: 1, count: channels))
        let list: [any Transform] =
          transform is any FloatTransform ? [normalize, transform] : [transform, normalize]
        let pipeline = try Pipeline(list, size: size, channels: channels)
        let target = Tensor(zeros: pipeline.shape)
        for position in 0..<40 {
          pipeline.write(image, seed: 3, epoch: 0, position: position, to: target.pointer)
          #expect(target.values.allSatisfy { (0...1).contains($0) })
        }
      }
    }
  }
}
