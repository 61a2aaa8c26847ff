extension Naming {
  /// The package efficientnet_pytorch, whose blocks are counted through all stages:
  /// `_blocks.3._depthwise_conv.weight`.
  ///
  /// Its nets pad as TensorFlow does, as ours do in the lite nets alone; the others' weights would
  /// load here and mean something else.
  static let efficientNetPyTorch = Naming(library: "efficientnet_pytorch") { ours, net in
    guard let name = EfficientNetName(ours), !net.hasSqueezeExcite else { return nil }
    guard let block = name.block else {
      return outside[name.module].map { "\($0).\(name.tensor)" }
    }
    let modules = net.isExpanding(block) ? expanding : plain
    guard let number = net.number(ofBlock: block), let module = modules[name.module] else {
      return nil
    }
    return "_blocks.\(number).\(module).\(name.tensor)"
  }

  private static let outside = [
    "conv_stem": "_conv_stem", "bn1": "_bn0", "conv_head": "_conv_head", "bn2": "_bn1",
    "classifier": "_fc",
  ]
  private static let expanding = [
    "conv_pw": "_expand_conv", "bn1": "_bn0", "conv_dw": "_depthwise_conv", "bn2": "_bn1",
    "conv_pwl": "_project_conv", "bn3": "_bn2",
  ]
  private static let plain = [
    "conv_dw": "_depthwise_conv", "bn1": "_bn1", "conv_pw": "_project_conv", "bn2": "_bn2",
  ]
}
