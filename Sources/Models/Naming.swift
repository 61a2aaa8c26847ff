/// How somebody's files call a net's tensors, as a rule from our names to theirs. Ours are
/// torchvision's for ResNets and timm's for all others.
///
/// Another family or library is one more file beside this one, and a place in `all`.
package struct Naming: Sendable {
  /// For people: `torchvision`.
  package let library: String
  /// The file's name for our tensor of that name; nil for a net that the library doesn't have, or
  /// has with another meaning.
  let name: @Sendable (_ ours: String, _ net: NetNames) -> String?

  /// In order of preference, should a file suit several.
  package static let all = [
    same, efficientNetPyTorch, torchvisionEfficientNet, torchvisionViT, torchvisionConvNeXt,
  ]

  /// Our own names, and so those of torchvision's ResNets and of timm.
  package static let same = Naming(library: "torchvision or timm") { ours, _ in ours }
}

/// All names of one of our nets, which rules that count blocks or look for their neighbours ask.
package struct NetNames: Sendable {
  let names: Set<String>
  /// The places of a net's blocks, `blocks.1.0`, in forward order.
  private let blocks: [String]
  /// Stages of blocks.
  let stages: Int
  let hasSqueezeExcite: Bool

  init(_ names: [String]) {
    self.names = Set(names)
    hasSqueezeExcite = names.contains { $0.contains(".se.") }
    var seen: Set<String> = []
    var blocks: [String] = []
    for name in names {
      guard let place = EfficientNetName(name)?.block, seen.insert(place).inserted else { continue }
      blocks.append(place)
    }
    self.blocks = blocks
    stages = Set(blocks.map { $0.split(separator: ".")[1] }).count
  }

  /// The block's number, counted through all stages.
  func number(ofBlock place: String) -> Int? { blocks.firstIndex(of: place) }

  /// Whether the block widens its input before it filters it.
  func isExpanding(_ place: String) -> Bool { names.contains("\(place).conv_pwl.weight") }

}

/// One of timm's names in a net of inverted residuals, in its parts: `blocks.1.0`, `conv_dw`,
/// `weight`; or, outside of blocks, none, `conv_stem`, `weight`.
struct EfficientNetName {
  let block: String?
  let module: String
  /// `weight`, `bias`, `running_mean` or `running_var`.
  let tensor: String

  init?(_ name: String) {
    let parts = name.split(separator: ".").map(String.init)
    guard let last = parts.last else { return nil }
    tensor = last
    if parts.count >= 5, parts[0] == "blocks", Int(parts[1]) != nil, Int(parts[2]) != nil {
      block = parts[..<3].joined(separator: ".")
      module = parts[3..<(parts.count - 1)].joined(separator: ".")
    } else {
      block = nil
      module = parts.dropLast().joined(separator: ".")
    }
  }
}
