package import NeuralNetworks

/// The models by name.
package enum ModelCatalogue {
  private enum Family {
    case resNet(ResNet.Variant)
    case efficientNet(EfficientNet.Variant)
    case mobileNetV3(MobileNetV3.Variant)
    case convNeXt(ConvNeXt.Variant)
    case visionTransformer(VisionTransformer.Variant)
  }

  private static let families: [(name: String, family: Family)] = [
    ("cifar-resnet8", .resNet(.cifar(blocks: 1))),
    ("cifar-resnet14", .resNet(.cifar(blocks: 2))),
    ("cifar-resnet20", .resNet(.cifar(blocks: 3))),
    ("resnet18", .resNet(.resnet18)),
    ("resnet34", .resNet(.resnet34)),
    ("resnet50", .resNet(.resnet50)),
    ("resnet101", .resNet(.resnet101)),
    ("efficientnet-b0", .efficientNet(.b0)),
    ("efficientnet-b1", .efficientNet(.b1)),
    ("efficientnet-b2", .efficientNet(.b2)),
    ("efficientnet-b3", .efficientNet(.b3)),
    ("efficientnet-b4", .efficientNet(.b4)),
    ("efficientnet-lite0", .efficientNet(.lite0)),
    ("efficientnet-lite1", .efficientNet(.lite1)),
    ("efficientnet-lite2", .efficientNet(.lite2)),
    ("mobilenetv3-small", .mobileNetV3(.small)),
    ("mobilenetv3-large", .mobileNetV3(.large)),
    ("convnext-tiny", .convNeXt(.tiny)),
    ("vit-ti16", .visionTransformer(.tiny16)),
    ("vit-s16", .visionTransformer(.small16)),
    ("vit-b16", .visionTransformer(.base16)),
  ]

  package static var names: [String] { families.map(\.name) }

  /// The smallest images that the model of that name can look at, by their side.
  package static func leastImageSize(of name: String) -> Int {
    switch family(name) {
    case .visionTransformer(let variant): variant.patch
    case .convNeXt: ConvNeXt.leastImageSize
    default: 1
    }
  }

  /// What the side of the images must be a multiple of.
  package static func imageSizeUnit(of name: String) -> Int {
    if case .visionTransformer(let variant) = family(name) { variant.patch } else { 1 }
  }

  /// The side of the images that the model's paper trains it with.
  package static func usualImageSize(of name: String) -> Int {
    switch family(name) {
    case .resNet(.cifar): 32
    case .efficientNet(let variant): variant.imageSize
    default: 224
    }
  }

  private static func family(_ name: String) -> Family? {
    families.first { $0.name == name }?.family
  }

  /// The model, or nil when there is none of that name.
  ///
  /// - Parameters:
  ///   - channels: of the images, 1 for grey and 3 for RGB.
  ///   - imageSize: the side of the square images in pixels, no less than the least.
  ///   - dropout: the head's; nil for its own.
  ///   - stochasticDepth: the rate at which the last block is passed over for a sample in training.
  package static func model(
    named name: String, channels: Int, classes: Int, imageSize: Int, head: Head = .plain,
    dropout: Double? = nil, stochasticDepth: Double = 0
  ) -> Model? {
    guard let family = family(name) else { return nil }
    return Model(classes: classes, head: head, dropout: dropout) { scope in
      switch family {
      case .resNet(let variant):
        ResNet(variant, channels: channels, stochasticDepth: stochasticDepth, scope: scope)
      case .efficientNet(let variant):
        EfficientNet(
          variant, channels: channels, stochasticDepth: stochasticDepth, scope: scope)
      case .mobileNetV3(let variant):
        MobileNetV3(
          variant, channels: channels, stochasticDepth: stochasticDepth, scope: scope)
      case .convNeXt(let variant):
        ConvNeXt(variant, channels: channels, stochasticDepth: stochasticDepth, scope: scope)
      case .visionTransformer(let variant):
        VisionTransformer(
          variant, channels: channels, imageSize: imageSize, stochasticDepth: stochasticDepth,
          scope: scope)
      }
    }
  }
}
