package import Images
import Yams

extension Recipe {
  /// From which epoch on, counted from 0, photos are trained on at which size: progressive resizing.
  package struct SizePhase: Equatable, Sendable {
    package let fromEpoch: Int
    /// The side of the square images in pixels.
    package let size: Int
  }
}

extension Recipe {
  /// What is done in an epoch, counted from 0, to photos that are trained on: whatever makes squares makes
  /// them in proportion to the epoch's size.
  package func augment(inEpoch epoch: Int) -> [any Transform] {
    guard let phase = resizeSchedule?.last(where: { $0.fromEpoch <= epoch }) else { return augment }
    return augment.map { step in
      guard var sized = step as? any SizedTransform else { return step }
      let share = Double(phase.size) / Double(model.imageSize)
      sized.ownSize = Int((Double(sized.size) * share).rounded())
      return sized
    }
  }
}

extension RecipeKind<[Recipe.SizePhase]?> {
  private static let epoch = RecipeKind<Int>.integer(0...100_000)
  private static let size = RecipeKind<Int>.integer(8...1024)

  /// Phases in their order, of which the first begins with the training.
  static var sizePhases: Self {
    let example = "{from-epoch: 0, size: 176}"
    let allowed = "a list of phases, such as `[\(example), {from-epoch: 30, size: 224}]`, or `none`"
    return Self(allowed) { value throws(RecipeError) in
      if value.node.plain == "none" { return nil }
      guard case .sequence(let nodes) = value.node, !nodes.isEmpty else {
        throw value.mismatch(allowed)
      }
      var phases: [Recipe.SizePhase] = []
      for node in nodes {
        let item = value.part(node, key: value.key)
        guard case .mapping(let mapping) = node, mapping.count == 2,
          let first = mapping["from-epoch"], let side = mapping["size"]
        else {
          let keys = node.mapping?.keys.map(\.name.shortened).joined(separator: ", ")
          throw item.error(
            "a phase of `\(value.key)` has `from-epoch` and `size`, such as `\(example)`; this "
              + (keys.map { "has \($0)" } ?? "is \(node.shown)"))
        }
        phases.append(
          Recipe.SizePhase(
            fromEpoch: try epoch.parse(value.part(first, key: "\(value.key).from-epoch")),
            size: try size.parse(value.part(side, key: "\(value.key).size"))))
      }
      let epochs = phases.map(\.fromEpoch)
      guard epochs[0] == 0, zip(epochs, epochs.dropFirst()).allSatisfy(<) else {
        let list = epochs.map(String.init).joined(separator: ", ")
        throw value.error(
          "the phases of `\(value.key)` begin at the epochs \(list); the first has to begin at 0, and "
            + "each other after the one before")
      }
      return phases
    } write: { phases in
      guard let phases else { return "none" }
      let items = phases.map { "{from-epoch: \($0.fromEpoch), size: \($0.size)}" }
      return "[\(items.joined(separator: ", "))]"
    }
  }
}
