import Files

/// What the name of an IDX file says: `emnist-letters-train-images-idx3-ubyte.gz`.
///
/// MNIST's own are `train-images-idx3-ubyte`, `t10k-labels-idx1-ubyte` and so on. EMNIST and others put
/// their name in front and say `test`; copies on Kaggle have a dot in front of `idx`.
struct IDXName: Equatable {
  enum Content: String { case images, labels }

  /// What stands in front, such as `emnist-letters-`; nothing for MNIST.
  let set: String
  /// `train`, `t10k` or `test`.
  let part: String
  let content: Content

  var split: Split { part == "train" ? .train : .test }

  init(set: String, part: String, _ content: Content) {
    self.set = set
    self.part = part
    self.content = content
  }

  /// Nil for a file that is named otherwise.
  init?(_ name: String) {
    func cut(_ end: String, off name: String) -> String? {
      name.endsExactly(with: end)
        ? name.withoutEnd(bytes: end.utf8.count) : nil
    }
    let plain = cut(".gz", off: name) ?? name
    for content in [Content.images, .labels] {
      let end = content == .images ? "idx3-ubyte" : "idx1-ubyte"
      for separator in ["-", "."] {
        guard let rest = cut("-\(content)\(separator)\(end)", off: plain) else { continue }
        for part in ["train", "t10k", "test"] {
          guard let set = cut(part, off: rest), set.isEmpty || set.endsExactly(with: "-") else {
            continue
          }
          self.init(set: set, part: part, content)
          return
        }
      }
    }
    return nil
  }

  /// As MNIST writes it.
  var usual: String {
    "\(set)\(part)-\(content)-\(content == .images ? "idx3" : "idx1")-ubyte"
  }
}
