import Images
import Interchange
import Models
import Pretrained
package import Recipes
import Runs

extension WeightsSource {
  /// The settings of the net that the tensors are of: its name, and the size of photos that it was
  /// trained with.
  ///
  /// - Parameter name: nil for the one that the tensors suit.
  /// - Throws: `PretrainedError`, `WeightsFileError`, `RecipeError`, `FileError`.
  func netSettings(named name: String?) throws -> [String] {
    if let model {
      return try Recipe(model.recipe).netSettings(named: name)
    }
    guard let name = name ?? ModelCatalogue.name(suiting: file) else {
      throw ModelCatalogue.complaint(about: file)
    }
    let side =
      try preparation(forModel: name).preparation.side ?? ModelCatalogue.usualImageSize(of: name)
    return Recipe.netSettings(name, size: side)
  }
}

/// Who names weights and no net means the net that they are of.
extension Recipe {
  /// Whether the weights are to say which net it is.
  private var leavesNetToWeights: Bool { model.weights != nil && !isWritten("model.name") }

  /// With the net of the weights, if that is left to them; and with its image size, unless there is one
  /// already. Where the tensors suit no net, the recipe stays as it is.
  func takingNet(of source: WeightsSource) throws -> Recipe {
    guard leavesNetToWeights else { return self }
    do {
      return try taking(source.netSettings(named: nil))
    } catch PretrainedError.noNet, PretrainedError.nearly {
      return self
    }
  }

  /// With the net of the run that goes on, if that is left to its weights.
  func takingNet(of run: Recipe) throws(RecipeError) -> Recipe {
    leavesNetToWeights ? try taking(run.netSettings(named: nil)) : self
  }

  private func taking(_ net: [String]) throws(RecipeError) -> Recipe {
    let isSized =
      isWritten("model.image-size")
      || augment.contains { ($0 as? any SizedTransform)?.ownSize != nil }
    return try with(isSized ? Array(net.prefix(1)) : net)
  }

  /// The same where one process looks at the weights by itself, or at the run that goes on, whose weights
  /// need not be there any more.
  package func takingNetOfWeights(of saved: SavedRecipe? = nil) throws -> Recipe {
    if let saved { return try takingNet(of: Recipe(saved)) }
    guard leavesNetToWeights, let weights = model.weights else { return self }
    return try takingNet(of: WeightsSource(path: weights, averaged: model.averaged))
  }

  fileprivate func netSettings(named name: String?) -> [String] {
    Self.netSettings(name ?? model.name, size: model.imageSize)
  }

  fileprivate static func netSettings(_ name: String, size: Int) -> [String] {
    ["model.name=\(value(name))", "model.image-size=\(size)"]
  }

  private func isWritten(_ key: String) -> Bool { self[key]?.place != nil }
}
