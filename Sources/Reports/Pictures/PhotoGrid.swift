package import Evaluation

/// Photos of a table of predictions side by side, each with what it is and what it was taken for.
package struct PhotoGrid {
  private let photos: LabelledPhotos
  private let thumbnails: [Int: Thumbnail]
  private let heatMaps: [Int: Thumbnail]
  private let share: (Double) -> String

  /// - Parameters:
  ///   - thumbnails: of the rows that have one.
  ///   - heatMaps: where a model looks, by row.
  ///   - share: how a probability is written.
  package init(
    _ photos: LabelledPhotos, thumbnails: [Int: Thumbnail], heatMaps: [Int: Thumbnail],
    share: @escaping (Double) -> String
  ) {
    self.photos = photos
    self.thumbnails = thumbnails
    self.heatMaps = heatMaps
    self.share = share
  }

  /// - Parameter isLarge: with heat maps beside the photos.
  package func html(_ rows: [Int], isLarge: Bool = false) -> HTML {
    "<ul class=\"photos\(isLarge ? " large" as HTML : "")\">\n\(rows.map { item($0, isLarge) })</ul>\n"
  }

  private func item(_ row: Int, _ isLarge: Bool) -> HTML {
    let predictions = photos.predictions
    let (label, told) = (predictions.labels[row], predictions.predicted(row))
    let (own, taken) = (predictions.classes[label], predictions.classes[told])
    let sentence = label == told ? "\(own), recognised" : "\(own), taken for \(taken)"
    var pictures = thumbnails[row]?.html("Photo: \(sentence)") ?? ""
    if isLarge, let map = heatMaps[row] {
      pictures = pictures + map.html("Where the model looks for \(taken)")
    }
    let caption: HTML =
      label == told
      ? "<b>\(own)</b> \(share(predictions.probability(row, of: label)))"
      : """
      <b>\(own)</b> \(share(predictions.probability(row, of: label))), taken for <b>\(taken)</b> \
      \(share(predictions.probability(row, of: told)))
      """
    return """
      <li><div class="pair">\(pictures)</div>\(caption)<bdi class="path">\(photos.paths[row])</bdi></li>

      """
  }
}
