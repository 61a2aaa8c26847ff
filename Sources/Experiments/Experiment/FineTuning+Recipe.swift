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
    var frozen = try recipe.names(
      recipe.fineTuning.freeze, of: model, at: "fine-tuning.freeze")
    let statistics = Set(model.layout.entries.filter { $0.kind == .statistic }.map(\.name))
    var phases = [(firstEpoch: 0, frozen: frozen)]
    for phase in recipe.fineTuning.unfreeze {
      let names = try recipe.names(phase.patterns, of: model, at: "fine-tuning.unfreeze")
      if frozen.isDisjoint(with: names) {
        throw recipe.error(
          at: "fine-tuning.unfreeze",
          "what learns from epoch \(phase.fromEpoch) on, counted from 0, wasn't frozen before; leave it out, "
            + "or add it to fine-tuning.freeze")
      }
      // Statistics of a layer that learns at all move with it.
      let layers = Set(names.map(\.layer))
      frozen = frozen.filter { name in
        !names.contains(name) && !(statistics.contains(name) && layers.contains(name.layer))
      }
      phases.append((phase.fromEpoch, frozen))
    }
    if let end = recipe.fineTuning.freezeEpochs { phases.append((end, [])) }
    let parameters = model.layout.entries.filter { $0.kind != .statistic }.map(\.name)
    if let last = phases.last, parameters.allSatisfy(last.frozen.contains) {
      throw recipe.error(
        at: "fine-tuning.freeze",
        "all parameters are frozen, so nothing can be trained; leave some out, such as the head, or "
          + "set fine-tuning.freeze-epochs")
    }
    self.init(
      phases: recipe.fineTuning.freeze.isEmpty
        ? []
        // A run's recipe may have phases that its epochs, lowered by now, don't come to.
        : phases.filter { $0.firstEpoch < recipe.training.epochs }.map {
          Phase(firstEpoch: $0.firstEpoch, frozen: $0.frozen.withStatistics(of: model))
        },
      frozenStatistics: recipe.fineTuning.batchNorm == .frozen
        ? statistics.filter { !model.headNames.contains($0) } : [],
      learningRateScales: try recipe.learningRateScales(of: model))
  }
}

extension String {
  /// `layer1.0.bn1` of `layer1.0.bn1.weight`.
  fileprivate var layer: Substring { prefix(upTo: lastIndex(of: ".") ?? endIndex) }
}

extension Set<String> {
  /// With the running statistics of frozen layers, and where one of two is among them, the other.
  fileprivate func withStatistics(of model: NeuralNetworks.Model) -> Self {
    let statistics = model.layout.entries.filter { $0.kind == .statistic }.map(\.name)
    return union(
      statistics.filter { name in
        func areFrozen(_ names: String...) -> [Bool] {
          names.map { contains("\(name.layer).\($0)") }
        }
        return !areFrozen("weight", "bias").contains(false)
          || areFrozen("running_mean", "running_var").contains(true)
      })
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

  /// The names that patterns mean; throws where one of them has none.
  fileprivate func names(
    _ patterns: [String], of model: NeuralNetworks.Model, at key: String
  ) throws(RecipeError) -> Set<String> {
    var all: Set<String> = []
    for pattern in patterns { all.formUnion(try names(pattern, of: model, at: key)) }
    return all
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
