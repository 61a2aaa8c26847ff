import Datasets
package import Evaluation
import Files
package import Runs

/// What came out of cross-validations: of each member, and of all together where they are a set.
package struct CrossvalResults: Sendable {
  /// In the members' order.
  package let members: [CrossvalResult]
  /// Of each member, what its models say of the photos that they weren't trained on.
  package let predictions: [Predictions]
  /// Photos that belong together, where the data tell.
  package let groups: PhotoGroups?
  /// Nil for one that is no set.
  package let together: CrossvalSetResult?

  /// Puts the folds' results together and writes them. Of a million photos that takes minutes.
  ///
  /// - Parameters:
  ///   - members: with the results of all folds.
  ///   - getsOn: called again and again.
  static func write(
    _ members: [(member: CrossvalMember, folds: [FoldResult])], in set: CrossvalSet?,
    _ getsOn: () throws -> Void
  ) throws -> CrossvalResults {
    var results: [CrossvalResult] = []
    var predictions: [Predictions] = []
    for (member, folds) in members {
      let dataset = member.checked.experiment.dataset
      let (text, own) = try OutOfFold.merge(
        member.pool, dataset: dataset, thresholds: member.checked.experiment.thresholds,
        of: member.folder, getsOn)
      let result = CrossvalResult(folds, own, groups: dataset.photoGroups(of: own.samples))
      try write(text, result, to: member.folder.predictions, member.folder.scores, getsOn)
      results.append(result)
      predictions.append(own)
    }
    let dataset = members[0].member.checked.experiment.dataset
    let groups = dataset.photoGroups(of: predictions[0].samples)
    guard let set else {
      return CrossvalResults(
        members: results, predictions: predictions, groups: groups, together: nil)
    }
    let together = CrossvalSetResult(
      predictions, results, names: members.map { $0.member.name ?? "" })
    try getsOn()
    let all = Predictions(ensembleOf: predictions)
    let text = LabelledPhotos(all, paths: all.samples.map { dataset.samples[$0].path }).csv
    try write(text, together, to: set.predictions, set.scores, getsOn)
    return CrossvalResults(
      members: results, predictions: predictions, groups: groups, together: together)
  }

  private static func write(
    _ text: String, _ result: some Encodable, to predictions: String, _ scores: String,
    _ getsOn: () throws -> Void
  ) throws {
    try FileWriting.makeFolder(Paths.folder(of: predictions))
    try getsOn()
    try FileWriting.replace(predictions, with: Array(text.utf8))
    try getsOn()
    try FileWriting.replace(scores, withJSON: result)
  }
}
