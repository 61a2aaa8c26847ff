import Files
package import Images

/// A list of labelled images, the same on every machine that holds the same files.
///
/// It comes from a manifest (`Manifest.swift`) when the path ends in .csv, or from one of three kinds
/// of folder: a pack (`Pack.swift`), IDX files (`IDXFolder.swift`) and a folder of photos for each class
/// (`ImageFolder.swift`).
package struct Dataset: Sendable {
  /// Where pixels come from.
  enum Source: Sendable {
    /// Photos' files below a folder.
    case photos(root: String)
    /// Photos in the order of the samples.
    case pack(Pack)
    /// Grey images of one size, one after the other in the order of the samples.
    case pixels([UInt8], ImageSize)
  }

  /// Names in the order of labels, which is the order of their UTF-8 bytes.
  package let classes: [String]
  package let samples: [Sample]
  /// Photos that are one file, and of one class and split.
  package let twins: [Twins]
  /// Photos beside class folders, which have no class; known to who listed the photos.
  let strays: [String]
  let source: Source
  /// How photos are decoded.
  package private(set) var decoding = Decoding()

  init(
    classes: [String], samples: [Sample], source: Source, twins: [Twins] = [], strays: [String] = []
  ) {
    self.classes = classes
    self.samples = samples
    self.twins = twins
    self.strays = strays
    self.source = source
  }

  /// Reads the list of samples, of IDX files the pixels too. Photos are not opened.
  ///
  /// - Parameters:
  ///   - groupBy: the manifest's column of groups; nil: `group`, if there is one.
  ///   - severalLabels: whether a photo may have several labels, or none, of which a manifest tells; nil: a pack's
  ///     have what they were packed with, and all others one.
  ///   - demands: what has to hold of the photos.
  /// - Throws: `ManifestError`, `FolderError`, `PackError` or `IDXError`.
  package static func open(
    path: String, groupBy: String? = nil, severalLabels: Bool? = nil,
    demanding demands: Demands = .all
  ) throws -> Dataset {
    if Manifest.isOne(path) {
      return try Manifest.open(
        path, groupBy: groupBy, severalLabels: severalLabels ?? false, demanding: demands)
    }
    let root = Paths.withoutTrailingSlashes(path)
    if Pack.isShard(root) { throw PackError.shardForPack(root, pack: Paths.folder(of: root)) }
    let entries = try FileSystem.entries(of: root)
    if let pack = try Pack.open(root, entries, groupBy: groupBy, demanding: demands) {
      if let severalLabels, pack.hasLabelSets != severalLabels {
        throw PackError.labels(root, areSeveral: pack.hasLabelSets)
      }
      return pack
    }
    if severalLabels == true {
      throw ManifestError(
        path,
        "no manifest, so its photos have one label each",
        labelsRemedy:
          "several labels a photo need a manifest: a .csv file with the columns path and label, such as a|b"
      )
    }
    if groupBy != nil {
      throw ManifestError(
        path, "groups need a manifest: a .csv file with the columns path, label and the groups'")
    }
    if let dataset = try IDXFolder.open(root, entries) { return dataset }
    return try ImageFolder.open(root, entries, demanding: demands)
  }

  /// The same photos, decoded so.
  package func decoded(by decoding: Decoding) -> Dataset {
    var dataset = self
    dataset.decoding = decoding
    return dataset
  }

  /// Of every decoded image: 3 for photos, 1 for IDX.
  package var channels: Int {
    switch source {
    case .photos, .pack: 3
    case .pixels: 1
    }
  }

  /// The size of all images where it is known to be the same, as in IDX files.
  package var imageSize: ImageSize? {
    switch source {
    case .photos, .pack: nil
    case .pixels(_, let size): size
    }
  }

  /// Looks at the first bytes of some of the photos, so that a file that is none is found before
  /// anything starts; of those in a pack that was found out when it was made. Ranks share the list among them.
  ///
  /// - Throws: `PhotoError` of the first that is none or can't be read.
  package func checkHeaders(_ samples: Range<Int>) throws(PhotoError) {
    for index in samples {
      guard let path = file(of: index) else { return }
      let format = FileFormat(of: try FileSystem.start(of: path, FileFormat.lookedAt))
      guard format.isPhoto else { throw .notPhoto(path: path, format: format) }
    }
  }

  /// The file that holds the photo; nil for an image among others in one file.
  package func file(of index: Int) -> String? {
    guard case .photos(let root) = source else { return nil }
    return Paths.path(samples[index].path, below: root)
  }

  /// What a photo is called in messages.
  package func name(of index: Int) -> String {
    switch source {
    case .photos(let root): Paths.path(samples[index].path, below: root)
    case .pack(let pack): "\(pack.path): \(samples[index].path)"
    case .pixels: samples[index].path
    }
  }

  /// Reads and decodes one image; may be called on any number of threads at once.
  package func image(_ index: Int) throws(PhotoError) -> Image {
    switch source {
    case .photos:
      return try Image(photo: contents(of: index), path: name(of: index), by: decoding)
    case .pack(let pack):
      return try pack.form.image(
        of: contents(of: index), path: name(of: index), by: decoding)
    case .pixels(let pixels, let size):
      let area = size.height * size.width
      return Image(
        height: size.height, width: size.width, channels: 1,
        pixels: pixels[(index * area)..<((index + 1) * area)])
    }
  }
}
