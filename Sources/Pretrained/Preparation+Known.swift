import Images
import Models
import Recipes
import Tensors

/// How the weights that people know were trained: by torchvision's `Weights.transforms()` and timm's
/// `pretrained_cfg` (timm 1.0, torchvision 0.29).
extension Preparation {
  /// For a file of weights, by its contents: the first digits of its SHA-256, which torchvision and timm
  /// write at the end of a file's name. All of them have the thousand classes of ImageNet.
  ///
  /// - Parameter digest: the file's SHA-256.
  static func known(digest: String) -> Preparation? {
    known.first { $0.digests.contains(digest.prefix(8)) }?.preparation
  }

  /// What is likely for a file that nothing is known of, by the net and by whose names it has.
  ///
  /// - Parameters:
  ///   - model: the net's name in the catalogue.
  ///   - naming: of the file's tensors.
  static func guessed(model: String, naming: Naming) -> Preparation {
    if model.contains("-lite") { return halves(.bicubic, lite[model] ?? 0.875) }
    let isTorchvisions = naming.library == "torchvision"
    if model.hasPrefix("vit") {
      return isTorchvisions ? imageNet(.bilinear, 0.875) : halves(.bicubic, 0.9)
    }
    if model.hasPrefix("resnet") { return imageNet(.bilinear, 0.875) }
    if model.hasPrefix("convnext"), isTorchvisions { return imageNet(.bilinear, 0.949) }
    return imageNet(.bicubic, isTorchvisions ? torchvision[model] ?? 0.875 : 0.875)
  }

  /// Crops, where they aren't 0.875.
  private static let lite = ["efficientnet-lite1": 0.882, "efficientnet-lite2": 0.89]
  private static let torchvision = [
    "efficientnet-b1": 0.9375, "efficientnet-b2": 1, "efficientnet-b3": 0.9375,
    "efficientnet-b4": 0.9895,
  ]

  private static let known: [(preparation: Preparation, digests: [Substring])] = [
    // torchvision: ResNets and ViT-B/16; ResNet-50 and 101, V2; EfficientNet-B1, V2; ConvNeXt.
    (imageNet(.bilinear, 0.875), digests("f37072fd b627a593 0676ba61 63fe2227 c867db91")),
    (imageNet(.bilinear, 0.9655), digests("11ad3fa6 cd907fc2")),
    (imageNet(.bilinear, 0.9411), digests("c27df63c")),
    (imageNet(.bilinear, 0.949), digests("983f1562")),
    // torchvision: EfficientNet-B0; B1 and B3; B4; B2 and ViT-B/16 of SWAG.
    (imageNet(.bicubic, 0.875), digests("7f5810bc")),
    (imageNet(.bicubic, 0.9375), digests("bac287d4 b3899882")),
    (imageNet(.bicubic, 0.9895), digests("23ab8bcd")),
    (imageNet(.bicubic, 1), digests("c35c1473 9ac1b537 4e70ced5")),
    // timm: ResNets of "ResNet strikes back" and after.
    (
      imageNet(.bicubic, 0.95),
      digests(
        """
        d63eafa0 40c531c8 b61bd467 a20cabb6 46f8f793 82d47d71 1ba180c1 a2746f79 59cae1ef f39db8af \
        d01e05b2 5ba5e060 14fe96d1 532a802a 1db14157 6edb36c7 36d3f2aa cdcb52a9
        """)
    ),
    // timm: ResNets of others, EfficientNet-B0 to B4, MobileNetV3.
    (
      imageNet(.bicubic, 0.875),
      digests(
        """
        0757602b c6d82d59 43635321 85ebb6e5 0ebe02e2 6c502b37 86acaeed a26f946b 3b017079 3dd342df \
        533bc792 bcdf34b7 cf984f9c 7eb33cd5 37913777 266a294c f55367f5
        """)
    ),
    // timm: ResNet-50 a1h, DeiT; ResNets trained half supervised; ViT-B/16 of the paper.
    (imageNet(.bicubic, 0.9), digests("001a1197 a1311bcf cd65a155 b5f2ef4d")),
    (imageNet(.bilinear, 0.875), digests("d92f0530 118f1556 16a12f1b 08389792")),
    (halves(.bicubic, 0.9), digests("80ecf9dd")),
    // EfficientNet-Lite0, 1 and 2: timm's and efficientnet_pytorch's.
    (halves(.bicubic, 0.875), digests("0aa007d2 57934424")),
    (halves(.bicubic, 0.882), digests("bde8b488 77cc7160")),
    (halves(.bicubic, 0.89), digests("dcccb7df 9656183e")),
  ]

  private static func digests(_ text: String) -> [Substring] { text.split(separator: " ") }

  /// With the mean and deviation of ImageNet's pixels.
  private static func imageNet(_ interpolation: Interpolation, _ crop: Double) -> Preparation {
    Preparation(
      .fixed(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]), interpolation,
      crop: .center(crop))
  }

  /// Pixels from −1 to 1, as TensorFlow's nets have them.
  private static func halves(_ interpolation: Interpolation, _ crop: Double) -> Preparation {
    Preparation(
      .fixed(mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]), interpolation, crop: .center(crop))
  }
}
