import Datasets
import Experiments
import Recipes
import Reporting

extension Experiment {
  /// What is said at the start of photos that were left out or are there twice, of their weights and votes, and
  /// of a pack that is too small.
  var photoLines: [String] {
    [
      leftOutText.map { "skipped   \($0)" }, dataset.weightsText.map { "weights   \($0)" },
      tooSmallText.map { "photos    \($0)" },
    ].compactMap(\.self) + dataset.noteLines(width: 10)
  }

  private var tooSmallText: String? {
    let size = recipe.model.imageSize
    guard let side = dataset.pack?.form.shorterSide, side < size else { return nil }
    return "\(recipe.data.path) was packed with \(side) pixels, and model.image-size is \(size)"
  }
}

extension Dataset {
  /// What photos count in training, where they don't all count the same, or for one class alone.
  fileprivate var weightsText: String? {
    let all = samples.map(\.weight)
    let (least, most) = (all.min() ?? 1, all.max() ?? 1)
    let votes = samples.count { $0.softLabel != nil }
    let parts = [
      least == 1 && most == 1
        ? nil
        : "photos count \(NumberText.short(Double(least))) to \(NumberText.short(Double(most)))",
      votes == 0 ? nil : "\(votes) of \(samples.count) by the votes for each class",
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ") + ", in training"
  }

  /// The notes on the list of photos, behind their subjects in a column of that width.
  func noteLines(width: Int) -> [String] {
    notes.map { subject, text in
      subject + String(repeating: " ", count: max(1, width - subject.count)) + text
    }
  }
}
