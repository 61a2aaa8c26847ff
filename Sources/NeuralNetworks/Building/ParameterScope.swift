package import Tensors

/// A place in a model's tree of names, e.g. `layer1.0`, where its layers declare their parameters
/// under PyTorch's names and in forward order.
package struct ParameterScope {
  package let path: String
  private let isHead: Bool
  private let declarations: Declarations

  /// What has been declared so far, or, once the layout is made, where each entry lies in it.
  private final class Declarations {
    var entries: [FlatEntry] = []
    var initializers: [Initializer] = []
    var headNames: Set<String> = []
    var placed: [String: FlatEntry]?
  }

  private init(path: String, isHead: Bool = false, declarations: Declarations) {
    self.path = path
    self.isHead = isHead
    self.declarations = declarations
  }

  package subscript(name: String) -> ParameterScope {
    ParameterScope(
      path: path.isEmpty ? name : "\(path).\(name)", isHead: isHead, declarations: declarations)
  }

  package subscript(index: Int) -> ParameterScope { self["\(index)"] }

  /// The same place, for what belongs to the model's head.
  package var head: ParameterScope {
    ParameterScope(path: path, isHead: true, declarations: declarations)
  }

  /// Declares a parameter or running statistic and gives its place in the flat store.
  package func declare(
    _ name: String, _ shape: Shape, _ kind: FlatEntry.Kind, order: FlatEntry.Order = .same,
    _ initializer: Initializer
  ) -> FlatEntry {
    let full = self[name].path
    if let entry = declarations.placed?[full] { return entry }
    let entry = FlatEntry(name: full, shape: shape, kind: kind, order: order)
    declarations.entries.append(entry)
    declarations.initializers.append(initializer)
    if isHead { declarations.headNames.insert(full) }
    return entry
  }

  /// Makes a network and the layout of its parameters. `make` runs twice: only when everything is
  /// declared is it known where each entry lies.
  package static func build<Network>(
    _ make: (ParameterScope) -> Network
  ) -> (
    network: Network, layout: FlatLayout, initializers: [String: Initializer],
    headNames: Set<String>
  ) {
    let declarations = Declarations()
    let root = ParameterScope(path: "", declarations: declarations)
    _ = make(root)
    let layout = FlatLayout(declarations.entries)
    declarations.placed = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0) })
    let names = declarations.entries.map(\.name)
    return (
      make(root), layout,
      Dictionary(uniqueKeysWithValues: zip(names, declarations.initializers)),
      declarations.headNames
    )
  }
}
