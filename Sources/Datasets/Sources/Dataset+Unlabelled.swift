import Files
import Images

/// Photos to be recognised, of which nothing is known but where they are.
extension Dataset {
  /// - Parameter classes: those of the model that is to recognise them. All photos have the label 0,
  ///   which means nothing.
  package init(unlabelled paths: [String], classes: [String]) {
    self.init(
      classes: classes, samples: paths.map { Sample(path: $0, label: 0, split: nil, bytes: 0) },
      source: .photos(root: "."))
  }

  /// The same photos as if nothing were known of them but where they are.
  package func unlabelled(_ classes: [String]) -> Dataset {
    Dataset(
      classes: classes,
      samples: samples.map { Sample(path: $0.path, label: 0, split: nil, bytes: $0.bytes) },
      source: source)
  }

  /// The files among the paths as they are, and for each folder the images in it and in folders below
  /// it, in the order of their paths' bytes and without what is hidden. Whether a file is a photo
  /// shows when it is read: so links that lead nowhere and folders below that can't be listed, where photos
  /// may be, are among them.
  ///
  /// - Throws: `FolderError` for one of the paths that is a folder and can't be listed or has no images.
  package static func photos(at paths: [String]) throws(FolderError) -> [String] {
    var photos: [String] = []
    for path in paths {
      if !Paths.isFolder(path) {
        if Pack.isShard(path) { throw .shard(path, pack: Paths.folder(of: path)) }
        photos.append(path)
        continue
      }
      let folder = Paths.withoutTrailingSlashes(path)
      var visited: Set<FileIdentity> = []
      let found = try images(below: folder, &visited)
      if found.isEmpty { throw .noPhotos(folder) }
      photos += found.sorted(by: Paths.precedes)
    }
    return photos
  }

  /// Images by their names, of other formats too, which are not to be passed over in silence. Folders
  /// that links lead to more than once, or in a circle, are looked at once.
  private static func images(
    below folder: String, _ visited: inout Set<FileIdentity>
  ) throws(FolderError) -> [String] {
    if let identity = FileIdentity(of: folder), !visited.insert(identity).inserted { return [] }
    var images: [String] = []
    for entry in try FileSystem.entries(of: folder) {
      let path = folder == "/" ? "/\(entry.name)" : "\(folder)/\(entry.name)"
      if entry.isFolder {
        do throws(FolderError) {
          images += try self.images(below: path, &visited)
        } catch .unreadable {
          images.append(path)
        }
      } else if FileFormat.isImage(entry.name) || entry.isMystery {
        images.append(path)
      }
    }
    return images
  }
}
