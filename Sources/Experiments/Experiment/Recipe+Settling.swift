import DataParallel
import MPI
import Pretrained
package import Recipes

/// A recipe that leaves to the pretrained weights which net it is, or how photos are prepared, is settled
/// before anything is made of it: what they say becomes part of it, and so of `recipe.yaml`, with the
/// digest of their file. From there on nobody needs the file to know.
extension Recipe {
  /// Settles the recipe by its weights, which rank 0 looks at; the notes are for the log. Collective;
  /// throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - saved: the recipe of the run that goes on or is forked, which knows.
  ///   - source: on rank 0, what `model.weights` names, if it was looked at; is set where it is now.
  ///   - channels: of the images.
  func settled(
    by saved: SavedRecipe?, source: inout WeightsSource?, channels: Int,
    over communicator: Communicator
  ) throws -> (recipe: Recipe, notes: [String]) {
    if let saved {
      return try communicator.agree {
        (try settledByWeights(of: saved, channels: channels), [])
      }
    }
    guard model.weights != nil else { return (self, []) }
    let found = try communicator.onFirst {
      try settledByWeights(&source, channels: channels)
    }
    let settlement = try communicator.share { found?.recipe.settlement ?? [] }
    return (try communicator.agree { try with(settlement) }, found?.notes ?? [])
  }

  /// The same where one process looks at the weights by itself, or at the run that has the recipe.
  package func settledByWeights(of saved: SavedRecipe?, channels: Int) throws -> Recipe {
    if let saved {
      let old = try Recipe(saved)
      return try takingNet(of: old).settled(
        by: Preparation(of: old), digest: old.model.weightsDigest, old)
    }
    var source: WeightsSource?
    return try settledByWeights(&source, channels: channels).recipe
  }

  private func settledByWeights(
    _ source: inout WeightsSource?, channels: Int
  ) throws -> (recipe: Recipe, notes: [String]) {
    guard let weights = model.weights else { return (self, []) }
    let file: WeightsSource
    do {
      file = try source ?? WeightsSource(path: weights, averaged: model.averaged)
    } catch PretrainedError.notThere {
      throw error(at: "model.weights", PretrainedError.notThere(weights).description)
    }
    source = file
    if let noted = model.weightsDigest, noted != file.digest {
      throw PretrainedError.changed(file.path, noted: noted, found: file.digest)
    }
    let recipe = try takingNet(of: file)
    let (found, isGuessed) = try file.preparation(forModel: recipe.model.name)
    let preparation = found.forImages(channels: channels)
    let others = augment.contradictions(to: preparation)
    var notes: [String] = []
    if recipe != self {
      notes.append(
        "the net is theirs, since model.name isn't set: \(recipe.model.name), for photos of "
          + "\(recipe.model.imageSize) pixels")
    }
    if isGuessed {
      if augment.leavesToWeights {
        notes.append(
          "how the weights' photos were prepared is a guess by their names: \(preparation.description); "
            + "docs/weights.md says how to tell it")
      }
    } else if !others.isEmpty {
      notes.append(
        "augment says otherwise than the weights (\(others.joined(separator: ", "))): they were "
          + "trained with \(preparation.description)")
    }
    if !isGuessed, let side = found.side, side != recipe.model.imageSize {
      notes.append(
        "the weights were trained with photos of \(side) pixels, and model.image-size is "
          + "\(recipe.model.imageSize)")
    }
    return (try recipe.settled(by: preparation, digest: file.digest, recipe), notes)
  }

  /// - Parameter origin: whose weights they are; with no pretrained ones, nothing is settled.
  private func settled(
    by preparation: Preparation, digest: String?, _ origin: Recipe
  ) throws -> Recipe {
    guard origin.model.weights != nil else { return self }
    var settings = ["augment=\(augment.filled(from: preparation).recipeText)"]
    if model.weights != nil, let digest = model.weightsDigest ?? digest {
      settings.append("model.weights-sha256=\(digest)")
    }
    return try with(settings)
  }

  /// The settings that settling changes.
  private var settlement: [String] {
    settings.filter {
      ["model.name", "model.image-size", "augment", "model.weights-sha256"].contains($0.key)
    }.map { "\($0.key)=\($0.value)" }
  }
}
