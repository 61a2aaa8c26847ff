import MPI
package import Recipes
import DataParallel
import Runs

/// Which cross-validations are asked for, and where.
package struct CrossvalRequest {
  /// A recipe, perhaps with a seed of its own.
  package struct Part {
    /// Of its folder, where there are several.
    package let name: String
    /// Makes its recipe, given the one that is saved, where it goes on.
    package let makeRecipe: (SavedRecipe?) throws -> Recipe

    package init(name: String, makeRecipe: @escaping (SavedRecipe?) throws -> Recipe) {
      self.name = name
      self.makeRecipe = makeRecipe
    }
  }

  /// Nil for a new folder below `runs`.
  package var path: String?
  /// What such a folder is called after.
  package var name: String
  /// Goes on where the folder holds something.
  package var resumes = false
  /// Of ranks; nil for the number that is expected to be done first.
  package var teams: Int?
  /// How long a new cross-validation may take; nil for as long as its epochs do.
  package var seconds: Double?
  /// What is asked for: one at least.
  package var parts: [Part]
  /// Whether they become a set, in which others may come later.
  package var makesSet = false
  /// What goes on in a set without being asked for by name; nil where `parts` are only what there would be without a
  /// folder.
  package var ofSaved: Part?

  package init(name: String, parts: [Part]) {
    self.name = name
    self.parts = parts
  }

  /// The parts of what is in the folder and what is asked for besides; nil names for a cross-validation that is no set.
  /// Collective; throws on all ranks if on one.
  func parts(over communicator: Communicator) throws -> (parts: [Part], areSet: Bool) {
    parts(besides: try communicator.share { try savedNames() })
  }

  /// The same for a process by itself, with the recipes that are saved.
  package func partsAlone() throws -> [(part: Part, saved: SavedRecipe?)] {
    let found = parts(besides: try savedNames())
    return try found.parts.map { part in
      let folder = path.map {
        found.areSet ? CrossvalSet(path: $0).member(part.name) : CrossvalFolder(path: $0)
      }
      return (part, resumes ? try folder?.savedRecipe() : nil)
    }
  }

  /// Nil where there is no set.
  private func savedNames() throws -> [String]? {
    guard let path else { return nil }
    let set = CrossvalSet(path: path)
    if set.exists {
      guard resumes else { throw CrossvalError.exists(path) }
      return try set.names()
    }
    if makesSet, CrossvalFolder(path: path).exists { throw CrossvalError.isAlone(path) }
    return nil
  }

  private func parts(besides saved: [String]?) -> (parts: [Part], areSet: Bool) {
    guard let saved else { return (parts, makesSet) }
    let old = saved.map { name in
      parts.first { $0.name == name && ofSaved != nil }
        ?? Part(name: name, makeRecipe: (ofSaved ?? parts[0]).makeRecipe)
    }
    return (old + (ofSaved == nil ? [] : parts.filter { !saved.contains($0.name) }), true)
  }
}
