import Files

/// What has to hold of a pack's photos, as of a manifest's.
struct PackChecks {
  let path: String
  let classes: [String]
  let samples: [Sample]

  /// What `tutti data pack` writes is consistent: the photos' own folder or manifest was.
  func checkConsistency(_ twins: [Twins]) throws(PackError) {
    func fail(_ sample: Sample, _ problem: String) -> PackError {
      .malformed(path, "\(sample.path) \(problem)")
    }
    var paths: Set<ExactText> = []
    var groups: [ExactText: Sample] = [:]
    let haveSplits = samples.first?.split != nil
    for sample in samples {
      if !paths.insert(ExactText(sample.path)).inserted { throw fail(sample, "is in it twice") }
      if (sample.split != nil) != haveSplits {
        throw fail(sample, "has no split, or alone has one")
      }
      if let fold = sample.fold, fold >= samples.count { throw fail(sample, "has fold \(fold)") }
      guard let group = sample.group else { continue }
      let other = groups[ExactText(group)] ?? sample
      groups[ExactText(group)] = other
      if other.split != sample.split || other.fold != sample.fold {
        throw fail(sample, "is in another split or fold than its group")
      }
    }
    for pair in twins where !samples[pair.first].mayBeTwin(of: samples[pair.second]) {
      throw fail(samples[pair.second], "is one file with another of another class, split or fold")
    }
  }

  /// What a training needs may be missing: photos to test a model on can be packed, too, and corrupt ones be left
  /// out.
  func checkTraining() throws(PackError) {
    if classes.count == 1 { throw .onlyOneClass(path, name: classes[0]) }
    let trained = Set(samples.lazy.filter { ($0.split ?? .train) == .train }.flatMap(\.labels))
    if let label = classes.indices.first(where: { !trained.contains($0) }) {
      throw .untrained(path, name: classes[label])
    }
    let folds = Set(samples.compactMap(\.fold))
    guard let last = folds.max() else { return }
    if let gap = (0...max(last, 1)).first(where: { !folds.contains($0) }) {
      throw .noFold(path, gap)
    }
    if let sample = samples.first(where: { $0.fold == nil && $0.split != .test }) {
      throw .malformed(path, "\(sample.path) has no fold")
    }
  }
}
