import DataParallel
import Datasets
import MPI
import Runs

/// What is asked about, where nobody has labelled it.
private enum Asked: Codable {
  case photos([String])
  case pack(String)
}

extension Dataset {
  /// Photos without labels, as rank 0 finds them. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - paths: photos, folders of them, and patterns of either; or a pack.
  ///   - classes: those of the model that is to look at them.
  static func unlabelled(
    at paths: [String], _ classes: [String], over communicator: Communicator
  ) throws -> Dataset {
    let asked = try communicator.share {
      if paths.contains("") { throw RunError.emptyPath }
      let paths = try expandingPatterns(paths)
      if let model = paths.first(where: isModel) { throw RunError.modelAmongPhotos(model) }
      if let pack = paths.first(where: Pack.isOne) {
        if paths.count > 1 { throw RunError.packAmongPhotos(pack) }
        return Asked.pack(pack)
      }
      return .photos(try photos(at: paths))
    }
    return switch asked {
    case .photos(let files): Dataset(unlabelled: files, classes: classes)
    case .pack(let pack):
      try open(path: pack, demanding: [], over: communicator).unlabelled(classes)
    }
  }
}

private func isModel(_ path: String) -> Bool {
  RunFolder(path: path).holdsRun || CrossvalFolder(path: path).exists
    || EnsembleFolder(path: path).exists
}
