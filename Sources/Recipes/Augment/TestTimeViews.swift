import Files
package import Images
import Yams

/// Views of a photo whose answers are averaged when a trained model is asked (test-time augmentation): each
/// a list of steps, which all act, whether random or not. A word is nothing but a name for such lists.
package struct TestTimeViews: Sendable {
  enum Word: String, CaseIterable { case none, flip, fiveCrop = "five-crop", eight }

  /// Of the lists that have one.
  package static let names = Word.allCases.map(\.rawValue)

  /// Nil for lists of the recipe's own.
  let word: Word?
  /// Empty: the photo is looked at once, as in validation.
  package let lists: [[any Transform]]

  /// - Parameter imageSize: the side of the square images that the net takes.
  init(_ word: Word, imageSize: Int) {
    self.word = word
    lists = word.lists(imageSize: imageSize)
  }

  init(own lists: [[any Transform]]) {
    word = nil
    self.lists = lists
  }
}

extension TestTimeViews.Word {
  fileprivate func lists(imageSize: Int) -> [[any Transform]] {
    let flip = RandomHorizontalFlip(probability: 1)
    func crop(_ position: ResizedCrop.Position) -> [any Transform] {
      [ResizedCrop(position, imageSize: imageSize)]
    }
    func turned(by degrees: Double) -> [any Transform] {
      var rotation = RandomRotation(imageSize: imageSize)
      rotation.degrees = [degrees, degrees]
      rotation.interpolation = .bilinear
      return [rotation]
    }
    func scaled(by factor: Double) -> [any Transform] {
      var affine = RandomAffine(imageSize: imageSize)
      affine.scale = [factor, factor]
      affine.interpolation = .bilinear
      return [affine]
    }
    var jitter = ColorJitter(imageSize: imageSize)
    (jitter.brightness, jitter.contrast, jitter.saturation) = ([0.1], [0.1], [0.1])
    return switch self {
    case .none: []
    case .flip: [[], [flip]]
    case .fiveCrop:
      [.topLeft, .topRight, .bottomLeft, .bottomRight, .center].map(crop)
    case .eight:
      [
        [], [flip], turned(by: 5), turned(by: -5), scaled(by: 0.95), scaled(by: 1.05), [jitter],
        crop(.random),
      ]
    }
  }
}

extension RecipeKind<TestTimeViews> {
  /// Each is a forward pass, and 64 are more than ever helped.
  private static let most = 64

  /// A word, or a list of 1 to 64 views.
  static func views(imageSize: Int) -> Self {
    let words = TestTimeViews.Word.allCases.map(\.rawValue)
    let allowed =
      words.map { "`\($0)`" }.joined(separator: ", ")
      + ", or a list of 1 to \(most) views, each a list of steps"
    let steps = RecipeKind<[any Transform]>.steps(imageSize: imageSize)
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else {
        if let word = value.node.plain.flatMap(TestTimeViews.Word.init) {
          return TestTimeViews(word, imageSize: imageSize)
        }
        if let near = value.node.plain.flatMap({ nearestName(to: $0, among: words) }) {
          throw value.error(
            "`\(value.key)` is \(value.node.shown); did you mean `\(near)`?")
        }
        throw value.mismatch(allowed)
      }
      guard (1...most).contains(nodes.count) else {
        throw value.error("`\(value.key)` has \(nodes.count) views; allowed: \(allowed)")
      }
      var lists: [[any Transform]] = []
      for node in nodes {
        let view = value.part(node, key: value.key)
        guard case .sequence = node else {
          throw view.error(
            "a view of `\(value.key)` is a list of steps, such as [{random-horizontal-flip: 1}]; "
              + "this is \(node.shown)")
        }
        lists.append(try steps.parse(view))
      }
      return TestTimeViews(own: lists)
    } write: {
      $0.word?.rawValue ?? text($0.lists.map(\.recipeText))
    }.meaning { text($0.lists.map(\.effect)) }
  }

  private static func text(_ lists: [String]) -> String {
    "[" + lists.joined(separator: ", ") + "]"
  }
}
