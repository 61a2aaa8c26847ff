/// All transforms that a recipe may name.
package enum Transforms {
  package static let all: [any Transform.Type] = [
    Resize.self, CenterCrop.self, RandomCrop.self, RandomResizedCrop.self,
    ResizedCrop.self,
    RandomHorizontalFlip.self, RandomVerticalFlip.self,
    RandomRotation.self, RandomAffine.self, RandomPerspective.self,
    ColorJitter.self, RandomGrayscale.self, GaussianBlur.self,
    AutoAugment.self, RandAugment.self, TrivialAugmentWide.self, AugMix.self,
    Normalize.self, RandomErasing.self,
  ]

  /// The augmentation of a recipe that names none.
  package static func standard(imageSize: Int) -> [any Transform] {
    [Resize(imageSize: imageSize), RandomHorizontalFlip(), Normalize(.auto)]
  }
}
