/// All transforms that a recipe may name.
package enum Transforms {
  package static let all: [any Transform.Type] = [
    Resize.self, RandomHorizontalFlip.self, RandomVerticalFlip.self, Normalize.self,
  ]

  /// The augmentation of a recipe that names none.
  package static func standard(imageSize: Int) -> [any Transform] {
    [Resize(imageSize: imageSize), RandomHorizontalFlip(), Normalize(.auto)]
  }
}
