import Datasets
package import Evaluation
import Files
import Images
import Pretrained
import Recipes
import Reports
import Runs

/// One `tutti data doubts`: labels that out-of-fold predictions contradict.
package struct DoubtsRun {
  package let photos: LabelledPhotos
  package let doubts: LabelDoubts
  /// The folder that the photos' paths are seen from, where it is known.
  private let root: String?
  private let decoding: Decoding

  /// - Parameters:
  ///   - path: a cross-validation's, probe's, ensemble's or set's folder, or a table with `path`, `label` and `p_<class>`.
  ///   - root: the photos' folder or manifest; nil for that of the recipe in the folder.
  /// - Throws: `TableError`, `DoubtsError`, `FileError`, `RecipeError`.
  package init(_ path: String, root: String?) throws {
    let isFolder = Paths.isFolder(path)
    let several = isFolder ? try SeveralModels(at: path) : nil
    let table = several?.table ?? (isFolder ? CrossvalFolder(path: path).predictions : path)
    guard !isFolder || Paths.exists(table) else { throw DoubtsError.noPredictions(path) }
    let owner = several?.members.first ?? path
    let recipe = isFolder ? try Recipe(RunFolder(path: owner).savedRecipe()) : nil
    if recipe?.data.hasSeveralLabels == true { throw DoubtsError.severalLabels(path) }
    photos = try LabelledPhotos(csvAt: table)
    doubts = LabelDoubts(photos.predictions)
    if let root, !Paths.exists(root) { throw DoubtsError.notThere(root) }
    let data = root ?? recipe?.data.path
    self.root = data.map { Paths.isFolder($0) ? $0 : Paths.folder(of: $0) }
    decoding = recipe?.data.decoding ?? Decoding()
  }

  /// Throws where a page can't be made.
  package func checkHasPhotos() throws(DoubtsError) {
    if root == nil { throw .noPhotos }
  }

  /// `path,label,suggestion,p_label,p_suggestion,doubtful` for each photo, the most doubtful first.
  package var csv: String {
    let classes = photos.predictions.classes
    return CSV.line(["path", "label", "suggestion", "p_label", "p_suggestion", "doubtful"])
      + doubts.photos.map { photo in
        let (label, own) = (
          photos.predictions.labels[photo.row], Array(photos.predictions[photo.row])
        )
        return CSV.line([
          photos.paths[photo.row], classes[label], classes[photo.suggestion], "\(own[label])",
          "\(own[photo.suggestion])", photo.isDoubtful ? "yes" : "no",
        ])
      }.joined()
  }

  /// Writes a page of the doubtful photos, but no more than so many.
  package func writePage(to path: String, atMost count: Int) throws {
    guard let root else { throw DoubtsError.noPhotos }
    let all = doubts.doubtful
    let shown = all.prefix(count)
    let photo = try photoReader(root)
    try PhotoPage(
      title: "Doubtful labels",
      introduction: "\(shown.count) of \(all.count) doubtful labels among \(photos.paths.count) "
        + "photos, the most doubtful first. A suggestion is what models that weren't trained on the "
        + "photo find most probable.",
      photos, rows: shown.map { ($0.row, [$0.suggestion]) }, called: "suggestion"
    ) { try photo($0) }.write(to: path)
  }

  /// What reads the photo of a row.
  private func photoReader(_ root: String) throws -> (_ row: Int) throws -> Image {
    guard Pack.isOne(root) else {
      let dataset = Dataset(
        unlabelled: photos.paths.map { Paths.path($0, below: root) },
        classes: photos.predictions.classes
      ).decoded(by: decoding)
      return { try dataset.image($0) }
    }
    let dataset = try Dataset.open(path: root, demanding: []).decoded(by: decoding)
    var places: [ExactText: Int] = [:]
    for (place, sample) in dataset.samples.enumerated() { places[ExactText(sample.path)] = place }
    return { row in
      let path = photos.paths[row]
      guard let place = places[ExactText(path)] else { throw DoubtsError.notInPack(path, root) }
      return try dataset.image(place)
    }
  }
}

package enum DoubtsError: UnusableInput, Equatable, CustomStringConvertible {
  case noPredictions(String)
  case noPhotos
  case severalLabels(String)
  case notThere(String)
  case notInPack(String, String)

  package var description: String {
    switch self {
    case .noPredictions(let path):
      "\(path) has no predictions/oof.csv; cross-validations and probes have one when they are done"
    case .severalLabels(let path):
      "\(path): its photos have several labels each, and doubts are about photos with one"
    case .notThere(let path): "\(path) is not there; check the path after --photos"
    case .notInPack(let photo, let pack):
      "\(pack) has no \(photo); name the photos that were predicted with --photos"
    case .noPhotos:
      "a table doesn't say where its photos are; name their folder with --photos"
    }
  }
}
