import Files

// A list of photos that one process makes and hands to others, so that not each of them looks at
// every file.
extension Dataset {
  /// The folder that photos' paths are seen from; nil for images among others in one file.
  package var root: String? {
    guard case .photos(let root) = source else { return nil }
    return root
  }

  /// The list as bytes, for a digest: two datasets are the same list when these are equal.
  package var listBytes: [UInt8] { SampleList(classes: classes, samples: samples[...]).bytes }

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
