extension Naming {
  /// torchvision's `VisionTransformer`: `encoder.layers.encoder_layer_0.self_attention.…`.
  static let torchvisionViT = Naming(library: "torchvision") { ours, _ in
    if let whole = outsideOfLayers[ours] { return whole }
    let parts = ours.split(separator: ".", maxSplits: 2).map(String.init)
    guard parts.count == 3, parts[0] == "blocks", let name = insideOfLayers[parts[2]] else {
      return nil
    }
    return "encoder.layers.encoder_layer_\(parts[1]).\(name)"
  }

  private static let outsideOfLayers = withSuffixes(
    ["patch_embed.proj": "conv_proj", "norm": "encoder.ln", "head": "heads.head"]
  ).merging(["cls_token": "class_token", "pos_embed": "encoder.pos_embedding"]) { $1 }

  private static let insideOfLayers = withSuffixes([
    "norm1": "ln_1", "attn.proj": "self_attention.out_proj", "norm2": "ln_2", "mlp.fc1": "mlp.0",
    "mlp.fc2": "mlp.3",
  ]).merging([
    "attn.qkv.weight": "self_attention.in_proj_weight",
    "attn.qkv.bias": "self_attention.in_proj_bias",
  ]) { $1 }

  /// A table of modules as one of their weights and biases.
  private static func withSuffixes(_ modules: [String: String]) -> [String: String] {
    var names: [String: String] = [:]
    for (ours, theirs) in modules {
      for suffix in ["weight", "bias"] { names["\(ours).\(suffix)"] = "\(theirs).\(suffix)" }
    }
    return names
  }
}
