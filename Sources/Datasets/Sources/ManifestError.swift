import Files

/// Why a manifest can't be used: one line, `photos.csv:17: what is wrong; what to do`.
package struct ManifestError: UnusableInput, Equatable, CustomStringConvertible {
  package let path: String
  /// From 1; nil when it is the whole file's.
  package let line: Int?
  package let problem: String
  /// What lets a training go on, where photos have several labels, or one, against what was asked for; nil for all
  /// other problems.
  private let labelsRemedy: String?

  /// Line breaks in what people wrote become spaces.
  init(_ path: String, line: Int? = nil, _ problem: String, labelsRemedy: String? = nil) {
    self.path = path
    self.line = line
    self.problem = String(problem.map { $0.isNewline ? " " : $0 })
    self.labelsRemedy = labelsRemedy
  }

  /// There is no folder for it, or it is not open to the user.
  package static func notWritable(_ path: String, folder: String) -> ManifestError {
    ManifestError(path, "can't be written: is \(folder) there, and open to you?")
  }

  /// A manifest that would be overwritten.
  package static func exists(_ path: String, option: String = "--output") -> ManifestError {
    ManifestError(path, "it exists already; name another file with \(option), or remove it")
  }

  /// Images among others in one file, which no manifest can name.
  package static func noFiles(_ path: String) -> ManifestError {
    ManifestError(path, "its images aren't files of their own, so no manifest can name them")
  }

  /// Photos in a pack, which no manifest can name.
  package static func inPack(_ path: String) -> ManifestError {
    ManifestError(
      path,
      "a pack's photos aren't files of their own, so no manifest can name them; tutti data unpack makes "
        + "them files")
  }

  /// A manifest to write that would look like a folder.
  package static func name(_ path: String, option: String = "--output") -> ManifestError {
    ManifestError(path, "a manifest's name must end in .csv; change \(option)")
  }

  package var description: String { withoutRemedy + (labelsRemedy.map { "; \($0)" } ?? "") }

  private var withoutRemedy: String {
    line.map { "\(path):\($0): \(problem)" } ?? "\(path): \(problem)"
  }
}

/// An error that may be about photos with several labels where one is wanted, or the other way round. What to do is
/// another thing where a trained model is asked than where one is trained.
package protocol OtherLabels: Error {
  /// What is found, and where: `photos.csv:17: ...`; nil where that isn't the problem.
  var labelsFound: String? { get }
}

extension ManifestError: OtherLabels {
  package var labelsFound: String? { labelsRemedy == nil ? nil : withoutRemedy }
}
