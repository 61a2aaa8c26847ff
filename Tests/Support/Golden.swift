import Interchange
package import Tensors

/// A file of golden values in `Tests/Golden`, made by the script of the same name.
package final class Golden {
  private let file: SafetensorsFile

  package init(_ name: String) throws {
    file = try SafetensorsFile(path: Self.path("\(name).safetensors"))
  }

  /// The path of a file in the folder.
  package static func path(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Golden/\(name)"
  }

  /// The names of all tensors, in the file's order.
  package var names: [String] { file.entries.map(\.name) }

  package func tensor(_ name: String) throws -> Tensor {
    let entry = try file.entry(named: name)
    return Tensor(try file.floats(entry), shape: entry.shape)
  }

  package func floats(_ name: String) throws -> [Float] {
    try file.floats(try file.entry(named: name))
  }

  package func doubles(_ name: String) throws -> [Double] {
    try file.values(try file.entry(named: name), as: Double.self)
  }

  package func integers(_ name: String) throws -> [Int] {
    try file.values(try file.entry(named: name), as: Int64.self).map(Int.init)
  }

  /// A tensor in PyTorch's layout, put where the entry lies in the store.
  package func load(_ name: String, as entry: FlatEntry, into store: FlatStore) throws {
    entry.store(torchValues: try tensor(name).values, into: store.pointer + entry.offset)
  }
}
