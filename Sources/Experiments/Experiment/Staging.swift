import CProcessor
import DataParallel
import Datasets
import Files
import Glibc
import MPI
import Recipes
import Timelines

/// A pack's copy on each host, in memory or on a local disk: `data.stage`.
struct Staging {
  private let dataset: Dataset
  private let pack: Pack
  private let stage: Recipe.Data.Stage

  /// Nil where nothing is to be staged.
  ///
  /// - Throws: `PackError` for photos that aren't in a pack.
  init?(_ dataset: Dataset, _ data: Recipe.Data) throws(PackError) {
    guard let stage = data.stage else { return nil }
    guard let pack = dataset.pack else { throw .notStageable(data.path) }
    self.dataset = dataset
    self.pack = pack
    self.stage = stage
  }

  /// Copies the pack once for each host, and makes sure of each photo. Collective; throws on all ranks if on
  /// one.
  ///
  /// - Returns: the photos there, and a sentence on what was done.
  func run(over world: World) throws -> (dataset: Dataset, note: String) {
    let communicator = world.communicator
    // Hosts copy side by side, and one of each host's ranks.
    let host = try communicator.split(color: world.topology.host, key: communicator.rank)
    let clock = ContinuousClock()
    let start = clock.now
    let copied = Result { try copy(over: host) }
    // Other hosts may take longer, and their ranks watch over the one that copies.
    let (staged, isNew) = try world.status.withoutDeadline {
      try communicator.agree { try copied.get() }
    }
    let seconds = (clock.now - start) / .seconds(1)
    let hosts = world.topology.hosts.count
    let copies = try communicator.sum([host.isFirst && isNew ? 1 : 0])[0]
    let place =
      switch stage {
      case .memory: "memory"
      case .folder(let folder): folder
      }
    let bytes = "\(pack.path), \(Double(pack.bytes / 100_000) / 10) MB"
    let note =
      copies > 0
      ? "copied \(bytes), to \(place)\(hosts == 1 ? "" : " on \(copies) of \(hosts) hosts") in "
        + "\((10 * seconds).rounded() / 10) s"
      : "\(bytes), is in \(place) already"
    return (staged, note)
  }

  /// - Parameter host: the ranks of this host.
  /// - Returns: the photos there, and whether the copy was made just now.
  private func copy(over host: Communicator) throws -> (Dataset, isNew: Bool) {
    try Activity.during("staging", of: dataset.samples.count, "photos") { activity in
      switch stage {
      case .memory: (try copyToMemory(over: host, telling: activity), true)
      case .folder(let folder): try copy(to: folder, over: host, telling: activity)
      }
    }
  }

  /// Into files without a name, which go with the last process that has them open, however it ends.
  private func copyToMemory(
    over host: Communicator, telling activity: Activity
  ) throws -> Dataset {
    let descriptors = try host.onFirst(working: { getsOn in
      let available = min(SystemFile.availableMemory ?? .max, MemoryLimit().bytesLeft ?? .max)
      guard available > pack.bytes else {
        throw PackError.noMemory(pack.path, bytes: pack.bytes, available: available)
      }
      var descriptors: [Int32] = []
      do {
        for number in pack.files.indices {
          let descriptor = tutti_memory_file()
          guard descriptor >= 0 else { throw FileError("made", "a file in memory") }
          descriptors.append(descriptor)
          try pack.copy(
            number, to: "/proc/self/fd/\(descriptor)", naming: dataset.name
          ) {
            activity.advance()
            try getsOn()
          }
        }
      } catch {
        for descriptor in descriptors { close(descriptor) }
        throw error
      }
      return descriptors
    })
    defer { for descriptor in descriptors ?? [] { close(descriptor) } }
    let files = try host.share {
      (descriptors ?? []).map { "/proc/\(getpid())/fd/\($0)" }
    }
    // All have opened them before the one that made them lets go.
    return try host.agree { try dataset.staged(at: pack.path, files: files) }
  }

  private func copy(
    to folder: String, over host: Communicator, telling activity: Activity
  ) throws -> (Dataset, isNew: Bool) {
    // Another pack of the same name has another digest.
    let name = Paths.name(of: Paths.resolved(pack.path))
    let target = "\(Paths.withoutTrailingSlashes(folder))/\(name)-\(pack.digest.prefix(16))"
    let made =
      try host.onFirst(working: { getsOn in
        try FileWriting.makeFolder(folder)
        return try WholeFolder.write(
          target,
          ifHeld: {
            usleep(100_000)
            try getsOn()
          },
          { partial in
            for (number, file) in pack.files.enumerated() {
              try pack.copy(number, to: "\(partial)/\(file.name)", naming: dataset.name) {
                activity.advance()
                try getsOn()
              }
            }
          })
      }) ?? false
    let isNew = try host.any(made)
    let staged = try host.agree {
      do {
        return try dataset.staged(at: target)
      } catch let error as PackError where !isNew {
        throw PackError.damagedCopy(target, error.description)
      }
    }
    return (staged, isNew)
  }
}

extension Recipe {
  /// The same with photos that are read where they are, for what leaves nothing: a copy would stay.
  var withoutStaging: Recipe {
    get throws(RecipeError) { try with(["data.stage=none"]) }
  }
}
