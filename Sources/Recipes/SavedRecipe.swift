import Files

/// The recipe that a run's folder holds, as text, and where it was read.
package struct SavedRecipe: Codable, Equatable, Sendable {
  /// Bytes of a recipe, which has some hundred lines at most. It bounds the number of keys, too.
  package static let longest = 1 << 16

  package let text: String
  package let path: String

  package init(text: String, path: String) {
    self.text = text
    self.path = path
  }

  /// Reads a file. Throws `FileError`, `OverlongFile`, `RecipeError`.
  package init(file path: String) throws {
    let bytes = try InputFile(path: path).bytes(atMost: Self.longest)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecipeError(at: path, "not a text file in UTF-8")
    }
    self.init(text: text, path: path)
  }
}

extension Recipe {
  /// The recipe of a run's folder, changed by settings such as `training.epochs=3`.
  package init(_ saved: SavedRecipe, overrides: [String] = []) throws(RecipeError) {
    try self.init(text: saved.text, name: saved.path, overrides: overrides, isSaved: true)
  }
}
