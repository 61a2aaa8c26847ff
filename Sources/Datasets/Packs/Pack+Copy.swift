import Files

extension Pack {
  /// The pack's files, as they are to be copied.
  package var files: [(name: String, bytes: Int)] {
    shards.map { (Paths.name(of: $0.file.path), $0.file.bytes) }
  }

  /// Copies a file of the pack, and makes sure of each of its photos.
  ///
  /// - Parameters:
  ///   - number: of the file, from 0.
  ///   - target: the copy, which is emptied first.
  ///   - name: of a photo, for errors.
  ///   - getsOn: called again and again.
  /// - Throws: `PhotoError`, `PackError`, `FileError`.
  package func copy(
    _ number: Int, to target: String, naming name: (_ photo: Int) -> String,
    _ getsOn: () throws -> Void
  ) throws {
    let shard = shards[number]
    let copy = try OutputFile(path: target, expectedBytes: bytes)
    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try copy.write($0) } }
    try write(shard.file.header.bytes)
    for photo in shard.photos {
      try write(shard.contents(of: photo) { name(photo) })
      try getsOn()
    }
    let index = try shard.file.index()
    guard shard.file.header.fits(index) else { throw PackError.changed(shard.file.path) }
    try write(index)
    try copy.sync()
  }
}
