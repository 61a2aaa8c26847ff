package import Datasets
package import Evaluation

extension Dataset {
  /// What these photos share with others; nil where none of them has a group.
  package func groups(of samples: [Int]) -> [String?]? {
    let groups = samples.map { self.samples[$0].group }
    return groups.contains { $0 != nil } ? groups : nil
  }

  /// The same, as what is drawn together for intervals.
  package func photoGroups(of samples: [Int]) -> PhotoGroups? {
    groups(of: samples).map { PhotoGroups($0) }
  }
}
