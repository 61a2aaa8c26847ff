import Tensors
import Testing

@testable import Images

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

  /// Loops in vectors run over the last pixel, into room that means nothing.
  @Test(arguments: Transforms.all.compactMap { $0 as? any PixelTransform.Type }.map { $0.word })
  func `what lies behind the pixels counts for nothing`(word: String) throws {
    let type = try #require(Transforms.all.first { $0.word == word } as? any PixelTransform.Type)
    for width in 1...9 {
      for channels in [1, 3] {
        let pixels = (0..<(5 * width * channels)).map { UInt8($0 * 37 % 256) }
        let results = [UInt8(0), 255].map { room in
          (0..<20).map { position in
            var image = Image(height: 5, width: width, channels: channels, pixels: pixels)
            image.withMutablePixels {
              ($0 + pixels.count).update(repeating: room, count: Image.room)
            }
            let draws = Draws(seed: 3, epoch: 0, position: position, place: 0)
            type.init(imageSize: 8).apply(to: &image, draws)
            return image.pixels
          }
        }
        #expect(results[0] == results[1], "\(width) × \(channels)")
      }
    }
  }

  @Test(arguments: 1...9, [1, 3])
  func `floats are written to their place and no further`(width: Int, channels: Int) throws {
    let size = ImageSize(height: 3, width: width)
    let pipeline = try Pipeline(
      [
        Normalize(
          mean: [Double](repeating: 0, count: channels),
          std: [Double](repeating: 1, count: channels))
      ], size: size, channels: channels)
    let count = pipeline.shape.count
    let target = Tensor([Float](repeating: 7, count: count + 32), shape: [count + 32])
    pipeline.write(
      Image(filled: 200, size, channels: channels), seed: 0, epoch: 0, position: 0,
      to: target.pointer)
    #expect(target.values.prefix(count).allSatisfy { $0 == Float(200) / 255 })
    #expect(target.values.dropFirst(count).allSatisfy { $0 == 7 })
  }
}
