import Files

// A list of photos that one process makes and hands to others, so that not each of them looks at
// every file.
extension Dataset {
  /// The folder that photos' paths are seen from; nil for images among others in one file.
  package var root: String? {
    guard case .photos(let root) = source else { return nil }
    return root
  }

  /// The photos of another process's list, by its `listBytes`, `root` and `twins`.
  ///
  /// - Precondition: the bytes are a list's.
  package init(list bytes: [UInt8], root: String, twins: [Twins] = []) {
    var fields = bytes.split(separator: 0, omittingEmptySubsequences: false)[...]
    func next() -> String {
      guard let field = fields.popFirst() else { preconditionFailure("a list that ends early") }
      return String(decoding: field, as: UTF8.self)
    }
    func number() -> Int {
      guard let number = Int(next()) else { preconditionFailure("no number in a list") }
      return number
    }
    let classes = (0..<number()).map { _ in next() }
    var samples: [Sample] = []
    // What follows the last zero byte is empty.
    while fields.count > 1 {
      let (path, label, split, bytes) = (next(), number(), next(), number())
      let (fold, group) = (next(), next())
      samples.append(
        Sample(
          path: path, label: label, split: Split(rawValue: split), bytes: bytes,
          group: group.isEmpty ? nil : group, fold: Int(fold)))
    }
    self.init(classes: classes, samples: samples, source: .photos(root: root), twins: twins)
  }

  /// Makes sure that the photos' folder can be seen from here.
  ///
  /// - Throws: `FolderError`.
  package func checkIsHere() throws(FolderError) {
    if let root, !Paths.isFolder(root) { throw .missing(root) }
  }
}
