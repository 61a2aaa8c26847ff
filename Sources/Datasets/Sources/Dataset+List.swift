import Files

// A list of photos that one process makes and hands to others, so that not each of them looks at
// every file.
extension Dataset {
  /// The folder that photos' paths are seen from; nil where they aren't files of their own.
  package var root: String? {
    guard case .photos(let root) = source else { return nil }
    return root
  }

  /// The photos of the pack that another process has opened, by its path and description.
  ///
  /// - Throws: `PackError` when its files can't be read here, or are others.
  package init(packAt path: String, described: [UInt8]) throws(PackError) {
    self = try Pack.open(path, described: described)
  }

  /// The same photos in a copy of their pack.
  ///
  /// - Parameters:
  ///   - path: what it is called in messages, and its folder.
  ///   - files: what its shards are opened as, in order; nil for the files in the folder.
  /// - Throws: `PackError`.
  package func staged(at path: String, files: [String]? = nil) throws(PackError) -> Dataset {
    guard let pack else { return self }
    let staged = try Pack.open(path, files: files, described: pack.description())
    return Dataset(
      classes: classes, samples: samples, source: staged.source, twins: twins
    ).decoded(by: decoding)
  }

  /// The list as bytes, for a digest: two datasets are the same list when these are equal.
  package var listBytes: [UInt8] { SampleList(classes: classes, samples: samples[...]).bytes }

  /// What tells one data set from another: the list, and of pixels in a pack, of which the list says names and
  /// lengths alone, what they are.
  package var identityBytes: [UInt8] {
    guard let pack, pack.form != .files else { return listBytes }
    return listBytes + Array(pack.digest.utf8)
  }

  /// The photos of another process's list, by its `listBytes`, `root` and `twins`.
  ///
  /// - Throws: `SampleList.Malformed` when the bytes are no list's.
  package init(
    list bytes: [UInt8], root: String, twins: [Twins] = []
  ) throws(SampleList.Malformed) {
    let list = try SampleList(bytes)
    self.init(
      classes: list.classes, samples: Array(list.samples), source: .photos(root: root), twins: twins
    )
  }

  /// Makes sure that the photos' folder can be seen from here.
  ///
  /// - Throws: `FolderError`.
  package func checkIsHere() throws(FolderError) {
    if let root, !Paths.isFolder(root) { throw .missing(root) }
  }
}
