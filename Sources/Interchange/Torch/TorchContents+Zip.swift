import Files

extension TorchContents {
  /// The bytes that a zip file starts with.
  static let zipStart = Array("PK\u{3}\u{4}".utf8)

  /// The format since PyTorch 1.6, a zip file of
  ///
  ///     NAME/data.pkl    the object, storages by their keys
  ///     NAME/byteorder   "little" or "big", since PyTorch 2.1
  ///     NAME/data/KEY    a storage's numbers
  ///
  /// and records that aren't needed. Throws `Problem`, `FileError`.
  init(zip file: borrowing InputFile) throws {
    let directory = try ZipDirectory(of: file)
    let pickles = directory.names.filter { $0.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw Problem.archive(
        "a PyTorch file has one member called NAME/data.pkl, this one has \(pickles.count)")
    }
    let folder = pickle.dropLast("data.pkl".count)
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
    var cursor = ByteCursor(try file.bytes(in: range))
    part = pickle
    object = try Self.unpickle(&cursor, part: pickle)
    storage = { try directory.range(of: "\(folder)data/\($0)") }
  }
}
