package import NeuralNetworks

/// The models by name.
package enum ModelCatalogue {
  private static let variants: [(name: String, variant: ResNet.Variant)] = [
    ("cifar-resnet8", .cifar(blocks: 1)),
    ("cifar-resnet14", .cifar(blocks: 2)),
    ("cifar-resnet20", .cifar(blocks: 3)),
    ("resnet18", .resnet18),
  ]

  package static var names: [String] { variants.map(\.name) }

  /// The model, or nil when there is none of that name.
  ///
  /// - Parameter channels: of the images, 1 for grey and 3 for RGB.
  package static func model(named name: String, channels: Int, classes: Int) -> Model? {
    guard let variant = variants.first(where: { $0.name == name })?.variant else { return nil }
    return Model { ResNet(variant, channels: channels, classes: classes, scope: $0) }
  }
}
