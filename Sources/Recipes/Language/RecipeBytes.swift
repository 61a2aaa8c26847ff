import Files

extension RecipeKind<ByteCount> {
  /// So much memory.
  static var bytes: Self {
    Self("bytes with a unit, such as `600MB` or `4GiB`") { node in
      node.plain.flatMap { ByteCount($0) }
    } write: { count in
      let unit = [("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20)]
        .first { count.bytes.isMultiple(of: $0.1) }
      return unit.map { "\(count.bytes / $0.1)\($0.0)" }
        ?? "\(RecipeNumber.text(Double(count.bytes) / 1e6))MB"
    }
  }
}
