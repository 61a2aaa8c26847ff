import Files

extension TorchContents {
  /// The member that Tutti adds to a file, which PyTorch passes over.
  static let metadataName = "tutti.json"
  /// Bytes that it may have: the names of a hundred thousand classes.
  static let metadataLimit = 1 << 23

  /// The bytes that a zip file starts with.
  static let zipStart = Array("PK\u{3}\u{4}".utf8)

  /// The format since PyTorch 1.6, a zip file of
  ///
  ///     NAME/data.pkl    the object, storages by their keys
  ///     NAME/byteorder   "little" or "big", since PyTorch 2.1
  ///     NAME/data/KEY    a storage's numbers
  ///     NAME/tutti.json  what Tutti says of a model that it exported
  ///
  /// and records that aren't needed. Throws `Problem`, `FileError`.
  init(zip file: borrowing InputFile) throws {
    let directory = try ZipDirectory(of: file)
    let pickles = directory.names.filter { $0.endsExactly(with: "/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw Problem.archive(
        "a PyTorch file has one member called NAME/data.pkl, this one has \(pickles.count)")
    }
    let folder = pickle.withoutEnd(bytes: "data.pkl".utf8.count)
    if directory.names.contains(folder + "constants.pkl") {
      throw Problem.unsupported(
        "a TorchScript program, not a state dictionary: let Python write "
          + "torch.save(torch.jit.load(FILE).state_dict(), …)")
    }
    if let order = try directory.range(of: folder + "byteorder") {
      let word = try file.bytes(in: order.prefix(16))
      guard word == Array("little".utf8) else {
        let text = String(decoding: word, as: UTF8.self).shown
        throw Problem.part(folder + "byteorder", "is \"\(text)\", and only \"little\" is read")
      }
    }
    guard let range = try directory.range(of: pickle), range.count <= Self.pickleLimit else {
      throw Problem.part(pickle, "has more than \(Self.pickleLimit) bytes")
    }
    try directory.check(pickle, in: file)
    var cursor = ByteCursor(try file.bytes(in: range))
    part = pickle
    object = try Self.unpickle(&cursor, part: pickle)
    storage = { key in
      let name = "\(folder)data/\(key)"
      return try directory.range(of: name).map {
        Storage(range: $0, checksum: directory.checksum(of: name))
      }
    }
    let about = "\(folder)\(Self.metadataName)"
    if let range = try directory.range(of: about) {
      guard range.count <= Self.metadataLimit else {
        throw Problem.part(about, "has more than \(Self.metadataLimit) bytes")
      }
      try directory.check(about, in: file)
      guard let pairs = try? JSONText.decode([String: String].self, from: file.bytes(in: range))
      else { throw Problem.part(about, "is no JSON of texts; export the model again") }
      metadata = pairs
    }
  }
}
