import Files

/// Why a dataset can't be cut into folds.
package enum FoldError: UnusableInput, Equatable, CustomStringConvertible {
  case count(Int)
  /// The dataset's own folds are of another number.
  case own(Int, wanted: Int)
  /// No number is given, and the dataset has no folds.
  case none
  case tooFew(String, photos: Int, folds: Int)
  case tooFewGroups(Int, folds: Int)
  /// Groups are so large that a fold has none of a class.
  case unevenGroups(String, fold: Int)
  /// Two paths of one file would be in different folds.
  case twins(String, String)
  /// All its photos are test photos, or were left out.
  case empty(Int)
  /// All photos of a class are in one fold, or were left out.
  case untrained(String, fold: Int)

  package var description: String {
    switch self {
    case .count(let count):
      "--folds \(count): there must be at least 2 folds"
    case .own(let own, let wanted):
      "--folds \(wanted): the manifest has \(own) folds of its own; leave --folds away, or remove its"
        + " column fold"
    case .none:
      "the data have no folds of their own; say how many with --folds"
    case .tooFew(let name, let photos, let folds):
      "class \(name) has \(photos) photo\(photos == 1 ? "" : "s") for \(folds) folds; add photos, "
        + (photos < 2 ? "or leave the class out" : "or take fewer folds")
    case .tooFewGroups(let groups, let folds):
      "\(groups) group\(groups == 1 ? "" : "s") can't fill \(folds) folds; take fewer folds"
    case .unevenGroups(let name, let fold):
      "fold \(fold) would have no photo of class \(name), because groups stay together; take fewer"
        + " folds or smaller groups"
    case .twins(let first, let second):
      "\(second): the same file as \(first), and they would come into different folds; remove one of the two, or "
        + "give them one group in a manifest"
    case .empty(let fold):
      "fold \(fold) has no photo that it could hold out; give the manifest's folds numbers from 0 on"
        + " without gaps, with photos that are no test photos and can be decoded"
    case .untrained(let name, let fold):
      "the model of fold \(fold) would see no photo of class \(name): all that can be used are in this"
        + " fold; spread the class over the folds"
    }
  }
}
