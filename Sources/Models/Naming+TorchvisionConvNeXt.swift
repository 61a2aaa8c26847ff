extension Naming {
  /// torchvision's `ConvNeXt`: stages and what lies between them in turn, modules by their places,
  /// `features.3.0.block.5.weight`.
  static let torchvisionConvNeXt = Naming(library: "torchvision") { ours, _ in
    let parts = ours.split(separator: ".").map(String.init)
    guard parts.count > 2 else { return nil }
    let rest = parts.dropFirst(2).joined(separator: ".")
    switch (parts[0], parts[1]) {
    case ("stem", let place): return "features.0.\(place).\(rest)"
    case ("head", "norm"): return "classifier.0.\(rest)"
    case ("head", "fc"): return "classifier.2.\(rest)"
    case ("stages", let number):
      guard let stage = Int(number), parts.count > 4 else { return nil }
      if parts[2] == "downsample" { return "features.\(2 * stage).\(parts[3]).\(parts[4])" }
      let names = parts.dropFirst(4).joined(separator: ".")
      let block = "features.\(2 * stage + 1).\(parts[3])"
      if names == "gamma" { return "\(block).layer_scale" }
      let (module, tensor) = (
        parts[4..<(parts.count - 1)].joined(separator: "."), parts[parts.count - 1]
      )
      return modules[module].map { "\(block).block.\($0).\(tensor)" }
    default: return nil
    }
  }

  private static let modules = ["conv_dw": "0", "norm": "2", "mlp.fc1": "3", "mlp.fc2": "5"]
}
