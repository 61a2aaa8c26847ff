import Files
import Images

extension Dataset {
  /// Whether images are photos, with a file or a place in a pack of their own.
  package var hasPhotos: Bool {
    if case .pixels = source { false } else { true }
  }

  /// The pack that the photos are in; nil for others.
  package var pack: Pack? {
    if case .pack(let pack) = source { pack } else { nil }
  }

  /// A photo's bytes: of its file, which must be as long as when it was listed, or of its place in a pack.
  ///
  /// - Precondition: images are photos.
  func contents(of index: Int) throws(PhotoError) -> [UInt8] {
    switch source {
    case .photos:
      let path = name(of: index)
      let contents = try FileSystem.contents(of: path)
      let listed = samples[index].bytes
      guard contents.count == listed || listed == 0 else {
        throw .otherSize(path: path, bytes: contents.count, listed: listed)
      }
      return contents
    case .pack(let pack):
      let shard = pack.shard(of: index)
      // Before memory is taken for them.
      if !pack.form.hasFiles, samples[index].bytes / 3 > decoding.mostPixels,
        let start = try? shard.start(of: index, RawPixels.header)
      {
        throw PhotoError.tooLarge(
          path: name(of: index), RawPixels.size(start), most: decoding.mostPixels
        ).inPack
      }
      return try shard.contents(of: index) { name(of: index) }
    case .pixels: preconditionFailure("images of an IDX file have no files")
    }
  }

  /// SHA-256 of what an image is decoded from: of a photo's file, and the same of one that is packed as it
  /// was, without reading it.
  ///
  /// - Throws: `FileError`.
  package func contentDigest(of index: Int) throws -> String {
    switch source {
    case .photos: try Digest.hex(ofFile: name(of: index))
    case .pack(let pack): Digest.hex(pack.shard(of: index).digest(of: index))
    case .pixels: Digest.hex(of: try image(index).pixels)
    }
  }
}
