import Glibc
import Tensors

/// The height and width of an image in pixels.
package struct ImageSize: Hashable, Sendable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// 8-bit pixels `[H, W, C]`, row-major: C is 3 (red, green, blue) or 1 (grey).
///
/// Their memory is recycled: a loader's threads go through the same few blocks again and again. Behind the
/// last pixel is room for a vector, so that loops may read and write whole ones to the end.
package struct Image: Equatable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  private var storage: Storage

  /// Bytes behind the last pixel that may be read and written, and mean nothing.
  static let room = 32

  /// Photos of more than 20 megapixels are rare, and their memory too much to keep.
  private static let memory = BufferPool(longestIdle: 64 << 20)

  /// Pixels with unknown contents.
  package init(uninitialized size: ImageSize, channels: Int) {
    height = size.height
    width = size.width
    self.channels = channels
    let bytes = size.height * size.width * channels + Self.room
    storage = Self.memory.take((bytes + 3) / MemoryLayout<Float>.stride)
  }

  package init(height: Int, width: Int, channels: Int, pixels: some Collection<UInt8>) {
    precondition(
      pixels.count == height * width * channels,
      "\(pixels.count) bytes for \(height)×\(width)×\(channels)")
    self.init(uninitialized: ImageSize(height: height, width: width), channels: channels)
    let count = count
    withMutablePixels { target in
      _ = UnsafeMutableBufferPointer(start: target, count: count).update(fromContentsOf: pixels)
    }
  }

  package var size: ImageSize { ImageSize(height: height, width: width) }

  /// Of all channels.
  package var count: Int { height * width * channels }

  /// A copy of all.
  package var pixels: [UInt8] {
    withPixels { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  package static func == (a: Image, b: Image) -> Bool {
    a.size == b.size && a.channels == b.channels
      && a.withPixels { left in b.withPixels { memcmp(left, $0, a.count) == 0 } }
  }

  /// Lends the pixels, of which there are `count`.
  package func withPixels<Result>(
    _ body: (UnsafePointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafePointer(bytes)) }
  }

  /// Lends the pixels to be changed; those of a copy, where another image has the same memory.
  package mutating func withMutablePixels<Result>(
    _ body: (UnsafeMutablePointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    if !isKnownUniquelyReferenced(&storage) { self = copied }
    return try withExtendedLifetime(storage) { try body(bytes) }
  }

  /// An image of another size whose pixels `fill` computes; it must write all of them.
  func mapped(
    height: Int, width: Int,
    _ fill: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
  ) -> Image {
    var mapped = Image(
      uninitialized: ImageSize(height: height, width: width), channels: channels)
    withPixels { source in mapped.withMutablePixels { fill(source, $0) } }
    return mapped
  }

  private var bytes: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: UInt8.self)
  }

  private var copied: Image {
    mapped(height: height, width: width) { $1.update(from: $0, count: count) }
  }
}
