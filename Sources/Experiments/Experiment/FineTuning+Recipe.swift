import Files
import NeuralNetworks
import Recipes
import Tensors
import Training

extension FineTuning {
  /// What a recipe's patterns mean for its model.
  ///
  /// - Throws: when a pattern fits nothing, or nothing is left to train.
  init(_ recipe: Recipe, model: Model) throws(RecipeError) {
    let entries = model.layout.entries
    var frozen: Set<String> = []
    for pattern in recipe.fineTuning.freeze {
      frozen.formUnion(try recipe.names(pattern, of: model, at: "fine-tuning.freeze"))
    }
    let parameters = entries.filter { $0.kind != .statistic }.map(\.name)
    if recipe.fineTuning.freezeEpochs == nil, parameters.allSatisfy(frozen.contains) {
      throw recipe.error(
        at: "fine-tuning.freeze",
        "all parameters are frozen, so nothing can be trained; leave some out, such as the head, or "
          + "set fine-tuning.freeze-epochs")
    }
    var statistics: Set<String> = []
    for entry in entries where entry.kind == .statistic {
      let layer = entry.name.prefix(upTo: entry.name.lastIndex(of: ".") ?? entry.name.endIndex)
      func areFrozen(_ names: String...) -> [Bool] {
        names.map { frozen.contains("\(layer).\($0)") }
      }
      // The statistics of a frozen layer are frozen too, and either with the other.
      if !areFrozen("weight", "bias").contains(false)
        || areFrozen("running_mean", "running_var").contains(true)
      {
        frozen.insert(entry.name)
      }
      if recipe.fineTuning.batchNorm == .frozen, !model.headNames.contains(entry.name) {
        statistics.insert(entry.name)
      }
    }
    self.init(
      frozen: frozen, freezeEpochs: recipe.fineTuning.freezeEpochs, frozenStatistics: statistics,
      learningRateScales: try recipe.learningRateScales(of: model))
  }
}

extension Recipe {
  /// The factors on the learning rate that aren't 1: a group's, times the decay of each block between
  /// a parameter and the head.
  fileprivate func learningRateScales(
    of model: NeuralNetworks.Model
  ) throws(RecipeError) -> [String: Double] {
    var scales: [String: Double] = [:]
    for group in optimizer.groups {
      for name in try names(group.pattern, of: model, at: "optimizer.groups") {
        scales[name] = scales[name] ?? group.learningRateScale
      }
    }
    let depths = model.layerDepths
    for (name, depth) in depths.of {
      // By multiplication: what C libraries make of a power may differ between hosts.
      for _ in depth..<depths.last { scales[name] = (scales[name] ?? 1) * optimizer.layerDecay }
    }
    return scales.filter { $0.value != 1 }
  }

  /// The names that a pattern means; throws when there are none.
  fileprivate func names(
    _ pattern: String, of model: NeuralNetworks.Model, at key: String
  ) throws(RecipeError) -> [String] {
    let names = ParameterPattern(pattern).names(in: model)
    if !names.isEmpty { return names }
    let all = model.layout.entries.map(\.name)
    let places = all.flatMap { name in
      name.indices.filter { name[$0] == "." }.map { String(name[..<$0]) } + [name]
    }
    let words = ParameterPattern.words
    let hint =
      nearestName(to: pattern, among: words + places).map { "did you mean `\($0)`?" }
      ?? "there are \(words.joined(separator: ", ")) and places such as `\(places[0])`"
    throw error(
      at: key, "`\(pattern)` is none of the parameters of `\(self.model.name)`; \(hint)")
  }
}
