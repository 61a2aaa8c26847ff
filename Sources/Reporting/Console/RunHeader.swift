import Files

/// The first lines of a run: what is trained, on which cores and photos.
package struct RunHeader {
  package let model: String
  package let parameters: Int
  /// How many of them are frozen, from which epoch on, counted from 0; empty where none is.
  package let frozen: [(firstEpoch: Int, count: Int)]
  package let ranks: Int
  package let hosts: Int
  package let threads: Int
  package let coresUsed: Int
  package let coresAvailable: Int
  package let folder: String
  /// What photos are counted in: train, validation, test.
  package let columns: [String]
  /// For each class its name and its photos in each column.
  package let photos: [(name: String, counts: [Int])]
  /// The photos in each column, where they may have several labels, or none.
  package let photosInAll: [Int]?

  /// How often an epoch has photos of each class, and what share of all photos; nil where each stands
  /// once.
  package let drawn: (classes: [Double], photos: Double)?

  package init(
    model: String, parameters: Int, frozen: [(firstEpoch: Int, count: Int)],
    ranks: Int, hosts: Int,
    threads: Int, coresUsed: Int, coresAvailable: Int, folder: String, columns: [String],
    photos: [(name: String, counts: [Int])], photosInAll: [Int]? = nil,
    drawn: (classes: [Double], photos: Double)? = nil
  ) {
    self.model = model
    self.parameters = parameters
    self.frozen = frozen
    self.ranks = ranks
    self.hosts = hosts
    self.threads = threads
    self.coresUsed = coresUsed
    self.coresAvailable = coresAvailable
    self.folder = folder
    self.columns = columns
    self.photos = photos
    self.photosInAll = photosInAll
    self.drawn = drawn
  }

  package var lines: [String] {
    [
      "run       \(folder)",
      "model     \(model), \(NumberText.grouped(parameters)) parameters, \(photos.count) classes",
    ] + freezing + [
      "cores     \(ranks) rank\(ranks == 1 ? "" : "s") × \(threads) thread\(threads == 1 ? "" : "s") = "
        + "\(coresUsed) of \(coresAvailable) cores on \(hosts) host\(hosts == 1 ? "" : "s")"
    ] + idleCores + photoTable + lackingClasses
  }

  private var freezing: [String] {
    guard let first = frozen.first, first.count > 0 else { return [] }
    let line = "frozen    \(NumberText.grouped(first.count)) of the parameters, "
    if frozen.count == 1 { return [line + "in all epochs"] }
    if frozen.count == 2, frozen[1].count == 0 {
      let epochs = frozen[1].firstEpoch
      return [line + "in the first \(epochs == 1 ? "epoch" : "\(epochs) epochs")"]
    }
    let later = frozen.dropFirst().map { phase in
      "from epoch \(phase.firstEpoch + 1) on "
        + (phase.count == 0 ? "none" : NumberText.grouped(phase.count))
    }
    return [line + later.joined(separator: ", ")]
  }

  /// Cores that lie idle are the most common loss of speed: Open MPI binds each of up to two ranks to
  /// one core by itself.
  private var idleCores: [String] {
    guard 10 * coresUsed < 9 * coresAvailable else { return [] }
    return [
      "warning   \(coresAvailable - coresUsed) of the cores lie idle: add --bind-to none to mpirun, or more "
        + "ranks with -n, or raise training.threads; launch/local chooses them for one machine"
    ]
  }

  private var photoTable: [String] {
    let total = photos.reduce(columns.map { _ in 0 }) { zip($0, $1.counts).map { $0 + $1 } }
    let all = photosInAll.map { ("all, of any number of labels", $0) } ?? ("all", total)
    var rows = (photos + [all]).map { [$0.name] + $0.counts.map(NumberText.grouped) }
    rows.insert(["photos"] + columns, at: 0)
    if let drawn {
      let shares = (drawn.classes + [drawn.classes.reduce(0, +)]).map { NumberText.percent($0) }
      for (row, cell) in (["drawn"] + shares).enumerated() { rows[row].append(cell) }
    }
    return TextTable.aligned(rows).split(separator: "\n").map(String.init) + distinct
  }

  private var distinct: [String] {
    guard let drawn else { return [] }
    return [
      "drawn     an epoch has about \(NumberText.percent(drawn.photos)) of the photos that are trained on, some "
        + "several times"
    ]
  }

  /// Classes that a split has no photo of, which its scores are silent about.
  private var lackingClasses: [String] {
    columns.indices.compactMap { column in
      let lacking = photos.filter { $0.counts[column] == 0 }
      guard !lacking.isEmpty, lacking.count < photos.count else { return nil }
      let names = few(
        lacking.map { "\($0.name) (\($0.counts.reduce(0, +)) in all)" }, counted: "classes")
      return
        "warning   no \(columns[column]) photos of \(names): its scores "
        + "say nothing of them; add photos of them"
    }
  }
}
