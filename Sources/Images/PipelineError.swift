import Files

/// Why a list of transforms can't be used.
package enum PipelineError: UnusableInput, Equatable, CustomStringConvertible {
  /// Not transforms of pixels, one `Normalize`, and transforms of floats.
  case order
  /// The images differ in size and nothing makes them equal.
  case sizesDiffer
  case channels(images: Int, means: Int)

  package var description: String {
    switch self {
    case .order:
      "augment: the list needs normalize, once, behind all that changes pixels"
    case .sizesDiffer:
      "augment: photos differ in size, but a batch needs one size; add {resize: 224}"
    case .channels(let images, let means):
      "augment: normalize has \(means) means and deviations, but images have \(images) channels"
    }
  }
}
