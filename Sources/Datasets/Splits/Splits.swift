/// Indices of a dataset's samples for each split, ascending.
package struct Splits: Equatable, Sendable {
  package internal(set) var train: [Int] = []
  package internal(set) var validation: [Int] = []
  package internal(set) var test: [Int] = []

  init() {}

  package init(train: [Int], validation: [Int], test: [Int]) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  package internal(set) subscript(split: Split) -> [Int] {
    get {
      switch split {
      case .train: train
      case .validation: validation
      case .test: test
      }
    }
    set {
      switch split {
      case .train: train = newValue
      case .validation: validation = newValue
      case .test: test = newValue
      }
    }
  }
}

extension Splits {
  /// The same without some samples.
  package func without(_ indices: some Collection<Int>) -> Splits {
    let left = Set(indices)
    var splits = self
    for split in Split.allCases { splits[split].removeAll(where: left.contains) }
    return splits
  }
}
