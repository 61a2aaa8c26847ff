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
    try parts(besides: communicator.share { try saved() })
  }

  /// The same for a process by itself, with the recipes that are saved.
  package func partsAlone() throws -> [(part: Part, saved: SavedRecipe?)] {
    let found = try parts(besides: saved())
    return try found.parts.map { part in
      let folder = path.map {
        found.areSet ? CrossvalSet(path: $0).member(part.name) : CrossvalFolder(path: $0)
      }
      return (part, resumes ? try folder?.savedRecipe() : nil)
    }
  }

  /// What is in a set that goes on.
  private struct Saved: Codable {
    let names: [String]
    /// Of the first member, what all have in common: values by key.
    let common: [String: String]
  }

  /// Nil where there is no set.
  private func saved() throws -> Saved? {
    guard let path else { return nil }
    let set = CrossvalSet(path: path)
    if set.exists {
      guard resumes else { throw CrossvalError.exists(path) }
      let names = try set.names()
      return Saved(
        names: names, common: try set.member(names[0]).savedRecipe().map(Self.common) ?? [:])
    }
    if makesSet, CrossvalFolder(path: path).exists { throw CrossvalError.isAlone(path) }
    return nil
  }

  private func parts(besides saved: Saved?) -> (parts: [Part], areSet: Bool) {
    guard let saved else { return (parts, makesSet) }
    let old = saved.names.map { name in
      parts.first { $0.name == name && ofSaved != nil }?.takingOver {
        try $0.map(Self.common) ?? [:]
      }
        ?? Part(name: name, makeRecipe: (ofSaved ?? parts[0]).makeRecipe)
    }
    let new = ofSaved == nil ? [] : parts.filter { !saved.names.contains($0.name) }
    return (old + new.map { $0.takingOver { _ in saved.common } }, true)
  }
}

extension CrossvalRequest {
  private static let ofPhotos: Set = [
    "data.path", "data.validation", "data.test", "data.split-seed", "data.group-by", "data.labels",
  ]

  /// What a recipe says of photos and folds, which members have in common, where that isn't the default: values by key.
  private static func common(_ saved: SavedRecipe) throws -> [String: String] {
    let said = try Recipe(saved).settings.filter {
      !$0.isDefault && (ofPhotos.contains($0.key) || $0.key.hasPrefix("crossval."))
    }
    return Dictionary(uniqueKeysWithValues: said.map { ($0.key, $0.value) })
  }
}

extension CrossvalRequest.Part {
  /// The same with settings that neither its recipe nor the command line says anything of.
  ///
  /// - Parameter settings: values by key, given the recipe that is saved.
  fileprivate func takingOver(
    _ settings: @escaping (SavedRecipe?) throws -> [String: String]
  ) -> CrossvalRequest.Part {
    CrossvalRequest.Part(name: name) { saved in
      let recipe = try makeRecipe(saved)
      let silent = try settings(saved).filter { recipe[$0.key]?.place == nil }
      return try recipe.with(silent.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    }
  }
}
