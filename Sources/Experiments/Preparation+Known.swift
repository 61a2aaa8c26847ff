import Datasets
import Models

/// How the weights that people know were trained: by torchvision's `Weights.transforms()` and timm's
/// `pretrained_cfg` (timm 1.0, torchvision 0.29).
extension Preparation {
  /// For a file of weights: by its contents, or else by the net and by whose names it has.
  ///
  /// - Parameters:
  ///   - model: the net's name in the catalogue.
  ///   - naming: of the file's tensors.
  ///   - digest: the file's SHA-256.
  static func known(model: String, naming: Naming, digest: String) -> Preparation {
    if let known = byDigest[String(digest.prefix(8))] { return known }
    if model.contains("-lite") { return halves(.bicubic, timm[model] ?? 0.875) }
    let isTorchvisions = naming.library == "torchvision"
    if model.hasPrefix("vit") {
      return isTorchvisions ? imageNet(.bilinear, 0.875) : halves(.bicubic, 0.9)
    }
    if model.hasPrefix("resnet") { return imageNet(.bilinear, 0.875) }
    if model.hasPrefix("convnext"), isTorchvisions { return imageNet(.bilinear, 0.949) }
    return imageNet(.bicubic, (isTorchvisions ? torchvision : timm)[model] ?? 0.875)
  }

  /// Crops, where they aren't 0.875.
  private static let timm = [
    "efficientnet-lite1": 0.882, "efficientnet-lite2": 0.89, "efficientnet-b1": 0.882,
    "efficientnet-b2": 0.89, "efficientnet-b3": 0.904, "efficientnet-b4": 0.922,
  ]
  private static let torchvision = [
    "efficientnet-b1": 0.9375, "efficientnet-b2": 1, "efficientnet-b3": 0.9375,
    "efficientnet-b4": 0.9895,
  ]

  /// Files that differ from what their net and names say: torchvision's second weights, timm's
  /// ResNets, and DeiT, which has a ViT's names.
  private static let byDigest: [String: Preparation] = [
    "11ad3fa6": imageNet(.bilinear, 0.9655),  // torchvision's resnet50, V2
    "cd907fc2": imageNet(.bilinear, 0.9655),  // torchvision's resnet101, V2
    "c27df63c": imageNet(.bilinear, 0.9411),  // torchvision's efficientnet_b1, V2
    "4e70ced5": imageNet(.bicubic, 1),  // torchvision's vit_b_16, SWAG linear
    "d63eafa0": imageNet(.bicubic, 0.95),  // timm's resnet18.a1_in1k
    "14fe96d1": imageNet(.bicubic, 0.95),  // timm's resnet50.a1_in1k
    "a1311bcf": imageNet(.bicubic, 0.9),  // deit_tiny_patch16_224
    "cd65a155": imageNet(.bicubic, 0.9),  // deit_small_patch16_224
    "b5f2ef4d": imageNet(.bicubic, 0.9),  // deit_base_patch16_224
  ]

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
