extension Naming {
  /// torchvision's `EfficientNet`: modules by their places, `features.2.0.block.1.0.weight`.
  static let torchvisionEfficientNet = Naming(library: "torchvision") { ours, net in
    guard let name = EfficientNetName(ours) else { return nil }
    guard let block = name.block else {
      let outside = [
        "conv_stem": "features.0.0", "bn1": "features.0.1",
        "conv_head": "features.\(net.stages + 1).0", "bn2": "features.\(net.stages + 1).1",
        "classifier": "classifier.1",
      ]
      return outside[name.module].map { "\($0).\(name.tensor)" }
    }
    let places = block.split(separator: ".")
    guard let stage = Int(places[1]),
      let module = (net.isExpanding(block) ? expanding : plain)[name.module]
    else { return nil }
    return "features.\(stage + 1).\(places[2]).block.\(module).\(name.tensor)"
  }

  private static let expanding = [
    "conv_pw": "0.0", "bn1": "0.1", "conv_dw": "1.0", "bn2": "1.1", "se.conv_reduce": "2.fc1",
    "se.conv_expand": "2.fc2", "conv_pwl": "3.0", "bn3": "3.1",
  ]
  private static let plain = [
    "conv_dw": "0.0", "bn1": "0.1", "se.conv_reduce": "1.fc1", "se.conv_expand": "1.fc2",
    "conv_pw": "2.0", "bn2": "2.1",
  ]
}
