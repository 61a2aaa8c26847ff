import Checkpoints
import DataParallel
import Datasets
package import Evaluation
import Files
import Inference
package import MPI
package import Recipes
package import Reports
import Timelines

/// The pictures of a report: small photos, and where a model looks in those that it gets wrong.
package struct ReportPictures {
  /// By the row of the table of predictions; those that can be had.
  package private(set) var thumbnails: [Int: Thumbnail] = [:]
  package private(set) var heatMaps: [Int: Thumbnail] = [:]
  /// Why there are none; nil where there are.
  package private(set) var problem: String?

  private static let side = 120
  private static let largeSide = 200

  /// What rank 0 asks of all.
  private struct Order: Codable {
    let data: String
    let severalLabels: Bool
    let rows: [Int]
    /// Of these rows.
    let paths: [String]
    let large: [Int]
    let models: [Model]
  }

  /// A model that is asked where it looks in some rows' photos.
  package struct Model: Codable, Sendable {
    package let path: String
    package let rows: [Int]

    package init(path: String, rows: [Int]) {
      self.path = path
      self.rows = rows
    }
  }

  /// Collective. Where photos can't be listed any more there are no pictures; any other error is thrown on all ranks.
  ///
  /// - Parameters:
  ///   - photos: rank 0's, as all else.
  ///   - recipe: whose photos they are; nil where that isn't known, and for no pictures.
  ///   - models: who is asked where it looks.
  package static func make(
    of photos: LabelledPhotos?, _ shown: ShownPhotos?, recipe: Recipe?, models: [Model],
    world: World
  ) throws -> ReportPictures {
    let communicator = world.communicator
    let orders = try communicator.share { () -> [Order] in
      guard let photos, let shown, let recipe else { return [] }
      let rows = shown.rows
      return [
        Order(
          data: recipe.data.path, severalLabels: recipe.data.hasSeveralLabels, rows: rows,
          paths: rows.map { photos.paths[$0] }, large: shown.mistakes, models: models)
      ]
    }
    var pictures = ReportPictures()
    guard let order = orders.first else { return pictures }
    do {
      let dataset = try Dataset.open(
        path: order.data, severalLabels: order.severalLabels, demanding: [], asking: "the report",
        over: communicator)
      let known = Dictionary(
        dataset.samples.enumerated().map { (ExactText($1.path), $0) },
        uniquingKeysWith: { first, _ in first })
      let samples = zip(order.rows, order.paths).compactMap { row, path in
        known[ExactText(path)].map { (row: row, sample: $0) }
      }
      if samples.count < order.rows.count {
        pictures.problem =
          "\(order.data) has \(order.rows.count - samples.count) of \(order.rows.count) photos no more"
      }
      pictures.thumbnails = try thumbnails(samples, dataset, large: Set(order.large), communicator)
      for model in order.models {
        try pictures.look(model, samples, dataset, world)
      }
    } catch let error as AgreedError {
      pictures.problem = error.lines.joined(separator: "; ")
    }
    return pictures
  }

  /// Each rank reads its share.
  private static func thumbnails(
    _ samples: [(row: Int, sample: Int)], _ dataset: Dataset, large: Set<Int>,
    _ communicator: Communicator
  ) throws -> [Int: Thumbnail] {
    var own: [Int: Thumbnail] = [:]
    Activity.during("thumbnails", of: samples.count, "photos") { activity in
      for (place, (row, sample)) in samples.enumerated()
      where place % communicator.size == communicator.rank {
        // One that can't be decoded is shown by its name alone.
        own[row] = try? Thumbnail(
          dataset.image(sample), side: large.contains(row) ? largeSide : side)
        activity.advance(by: communicator.size)
      }
    }
    return try gathered(own, communicator)
  }

  /// Asks a model where it looks in its rows' photos.
  private mutating func look(
    _ model: Model, _ samples: [(row: Int, sample: Int)], _ dataset: Dataset, _ world: World
  ) throws {
    let rows = Dictionary(
      samples.map { ($0.sample, $0.row) }, uniquingKeysWith: { first, _ in first })
    let wanted = samples.filter { model.rows.contains($0.row) }.map(\.sample)
    if wanted.isEmpty { return }
    let asked = try AskedModels.find([model.path], settings: [], over: world.communicator)
    let experiment = try world.communicator.agree(isShared: true) {
      try Experiment(
        asked.models[0].recipe, dataset: dataset.unlabelled(asked.models[0].state.classes))
    }
    let pass = try EnsemblePass(asked, [experiment], comparesPlain: true, world: world)
    var own: [Int: Thumbnail] = [:]
    _ = try pass.predictionsOfUsable(wanted) { map in
      guard let row = rows[map.sample] else { return }
      own[row] = try? Thumbnail(map.overlay, side: Self.largeSide)
    }
    heatMaps.merge(try Self.gathered(own, world.communicator)) { $1 }
  }

  /// All ranks' pictures, on every rank.
  private static func gathered(
    _ own: [Int: Thumbnail], _ communicator: Communicator
  ) throws -> [Int: Thumbnail] {
    let text = try JSONText.encode(
      own.sorted { $0.key < $1.key }.map { Entry(row: $0, picture: $1) })
    let all = try communicator.gatherInOrder(Array(text.utf8) + [0])
    var pictures: [Int: Thumbnail] = [:]
    for part in all.split(separator: 0) {
      for entry in try JSONText.decode([Entry].self, from: Array(part)) {
        pictures[entry.row] = entry.picture
      }
    }
    return pictures
  }

  private struct Entry: Codable {
    let row: Int
    let picture: Thumbnail
  }
}
