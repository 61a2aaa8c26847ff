import CJPEG
import Glibc

extension Image {
  /// The most pixels of a side that the format's libraries write.
  package static let longestJPEGSide = 65_500

  /// The image as a JPEG file: what Pillow writes by default, but for its quality.
  ///
  /// - Parameter quality: from 1 to 100.
  /// - Precondition: no side is longer than `longestJPEGSide`.
  /// - Throws: `JPEGError`.
  package func jpeg(quality: Int) throws(JPEGError) -> [UInt8] {
    precondition((1...100).contains(quality) && max(height, width) <= Self.longestJPEGSide)
    var file: UnsafeMutablePointer<UInt8>?
    var length = 0
    let code = withPixels {
      tutti_jpeg_encode(
        $0, UInt32(width), UInt32(height), Int32(channels), Int32(quality), &file, &length)
    }
    defer { free(file) }
    guard code == 0, let file else { throw JPEGError() }
    return Array(UnsafeBufferPointer(start: file, count: length))
  }
}

/// There is no memory for a JPEG.
package struct JPEGError: Error, Equatable, CustomStringConvertible {
  package let description = "out of memory while a picture was written as a JPEG"
}
