import Files
package import Images

/// Why IDX files can't be used. Each case names the file.
package enum IDXError: UnusableInput, Equatable, CustomStringConvertible {
  case missing(String)
  /// It can't be read or inflated, with the reason.
  case unreadable(String, reason: String)
  case magic(String, found: UInt32, expected: UInt32)
  /// An extent in the header is zero.
  case nothing(String)
  /// It ends before what the header promises, or in the header.
  case size(String, promised: Int, found: Int)
  /// More bytes after what the header promises.
  case trailing(String, promised: Int)
  case counts(images: String, Int, labels: String, Int)
  /// The test images have another size than the training images.
  case sizesDiffer(String, ImageSize, ImageSize)
  /// A label of the test file that no training image has.
  case unknownLabel(String, UInt8)
  case onlyOneClass(String)

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): missing (.gz will do as well); an IDX folder holds images and labels of train,"
        + " and both or none of t10k"
    case .unreadable(let path, let reason):
      "\(path): can't be read: \(reason); if it was downloaded, fetch it again"
    case .magic(let path, let found, let expected):
      "\(path): starts with \(found) where an IDX file of its name has \(expected);"
        + " not an IDX file, or images and labels are exchanged"
    case .nothing(let path):
      "\(path): by its header there is nothing in it; fetch it again"
    case .size(let path, let promised, let found):
      "\(path): cut short: \(found) bytes where there must be \(promised); fetch it again"
    case .trailing(let path, let promised):
      "\(path): longer than the \(promised) bytes its header promises; fetch it again"
    case .counts(let images, let imageCount, let labels, let labelCount):
      "\(images) has \(imageCount) images, but \(labels) has \(labelCount) labels;"
        + " they don't belong together"
    case .sizesDiffer(let path, let size, let expected):
      "\(path): images of \(size.height)×\(size.width) pixels, but the training images have"
        + " \(expected.height)×\(expected.width)"
    case .unknownLabel(let path, let label):
      "\(path): the label \(label) is on no training image"
    case .onlyOneClass(let path):
      "\(path): fewer than two classes; a classifier needs at least two"
    }
  }
}
