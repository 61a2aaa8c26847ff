import ArgumentParser

extension ArgumentHelp {
  /// Of an argument that names labelled photos.
  static var photos: ArgumentHelp {
    ArgumentHelp(
      "One folder a class, or train/, validation/ and test/ with such folders, or a manifest (.csv), a pack, or IDX files.",
      valueName: "photos")
  }
}
