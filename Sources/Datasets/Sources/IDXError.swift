import Files
package import Images

/// Why IDX files can't be used. Each case names the file.
package enum IDXError: UnusableInput, Equatable, CustomStringConvertible {
  case missing(String)
  /// Two files for the same images or labels.
  case same(String, String)
  /// Files of several sets in one folder.
  case severalSets(String, [String])
  /// It can't be read or inflated, with the reason.
  case unreadable(String, reason: String)
  /// There is no memory for the folder's pixels.
  case noMemory(String, bytes: Int)
  case magic(String, found: Int, expected: Int)
  /// An extent in the header is zero.
  case nothing(String)
  /// The header promises more than such a file may hold.
  case tooLarge(String, extents: [Int])
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

  /// Want of memory comes from running.
  package var isOfInput: Bool {
    if case .noMemory = self { false } else { true }
  }

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): missing (.gz will do as well); an IDX folder holds images and labels of train,"
        + " and both or none of t10k (or test)"
    case .same(let first, let second):
      "\(first) and \(second): the same part twice; move one of them away"
    case .severalSets(let folder, let sets):
      "\(folder): IDX files of several sets (\(sets.joined(separator: ", "))); put those of one into a"
        + " folder of their own (ln -s will do)"
    case .unreadable(let path, let reason):
      "\(path): can't be read: \(reason); if it was downloaded, fetch it again"
    case .noMemory(let folder, let bytes):
      "\(folder): out of memory: \(bytes) bytes for its images could not be had; use fewer ranks on this"
        + " host"
    case .magic(let path, let found, let expected):
      "\(path): starts with \(found) where an IDX file of its name has \(expected);"
        + " not an IDX file, or images and labels are exchanged"
    case .nothing(let path):
      "\(path): by its header there is nothing in it; fetch it again"
    case .tooLarge(let path, let extents):
      "\(path): by its header it holds \(extents.map(String.init).joined(separator: " × ")) bytes; at most"
        + " \(IDXFile.mostItems) images of \(IDXFile.longestSide) pixels a side and \(IDXFile.mostBytes) bytes"
        + " in all can be read"
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
