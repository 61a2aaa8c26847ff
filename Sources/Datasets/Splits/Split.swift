/// The parts of a dataset; raw values are the names of recipes and messages.
package enum Split: String, CaseIterable, Sendable {
  case train, validation, test

  /// The split that people call so, in letters of either case, as the name of a folder or in a manifest.
  init?(called name: String) {
    switch name.lowercased() {
    case "train", "training": self = .train
    case "validation", "valid", "val", "dev": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}
