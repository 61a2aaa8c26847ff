import Files

/// Why shares can't be cut from a dataset.
package enum SplitError: UnusableInput, Equatable, CustomStringConvertible {
  case shares(validation: Double, test: Double)
  /// A share that was asked for comes to no sample at all.
  case empty(Split, share: Double, samples: Int)
  /// A share that was asked for, of photos that bring their splits.
  case idle(Split, share: String)
  /// Two paths of one file would be in different splits.
  case twins(String, String)
  /// All photos of a class are in groups, or have other labels by which they were set apart.
  case untrained(String)
  /// No training photo counts anything, of all or of those outside a fold.
  case weightless(String, fold: Int?)
  /// All training photos of a class were left out.
  case onlyCorrupt(String)

  package var description: String {
    switch self {
    case .shares(let validation, let test):
      "data.validation \(validation) and data.test \(test): shares must be at least 0 and together"
        + " less than 1"
    case .empty(let split, let share, let samples):
      "data.\(split.rawValue): a share of \(share) of \(samples) photos comes to none; raise it"
        // Every training needs photos to validate on.
        + (split == .test ? ", add photos or set it to 0" : " or add photos")
    case .idle(let split, let share):
      "data.\(split.rawValue)=\(share) changes nothing, since the photos bring "
        + (split == .validation ? "a validation split" : "splits") + "; leave it out, or "
        + "move photos into another folder or split"
    case .twins(let first, let second):
      "\(second): the same file as \(first), and they would come into different splits; remove one of the two, "
        + "or give the photos splits of their own"
    case .untrained(let name):
      "class \(name) would have no photo to train on, because groups, and all labels of a photo, stay together; "
        + "give it smaller groups or more photos, or splits of your own"
    case .weightless(let path, let fold):
      "\(path): all photos to train on\(fold.map { " outside fold \($0)" } ?? "") have the weight 0; give some of "
        + "them another in the manifest, or splits and folds of your own"
    case .onlyCorrupt(let name):
      "no training photo of class \(name) can be decoded; mend or replace them"
    }
  }
}
