import Files

/// The inputs of a file with several models: one for each way in which images are made of photos. A lone one is `input`,
/// and of several each is `input1`, `input2` and so on.
package struct ModelInputs {
  private let first: ModelDescription
  /// Of each input, its images' metadata.
  private let images: [[(key: String, value: String)]]

  /// - Parameter models: of the same classes; one at least.
  package init(of models: [ModelDescription]) {
    first = models[0]
    var images: [[(key: String, value: String)]] = []
    for own in models.map(\.imageMetadata) where !images.contains(where: { $0 == own }) {
      images.append(own)
    }
    self.images = images
  }

  package func name(for model: ModelDescription) -> String {
    let own = model.imageMetadata
    return name(images.firstIndex { $0 == own } ?? 0)
  }

  private func name(_ index: Int) -> String { images.count == 1 ? "input" : "input\(index + 1)" }

  /// What the file says of its models, as pairs of texts: how images are made of photos, or where there are several
  /// inputs `inputs`, a JSON list of that for each with its name.
  package var metadata: [(key: String, value: String)] {
    get throws {
      let all = try first.metadata
      guard images.count > 1 else { return all }
      let inputs = images.enumerated().map { index, pairs in
        Dictionary(
          uniqueKeysWithValues: [("name", name(index))] + pairs.map { ($0.key, $0.value) })
      }
      let own = Set(first.imageMetadata.map(\.key))
      return all.filter { !own.contains($0.key) } + [("inputs", try JSONText.encode(inputs))]
    }
  }
}

private func == (
  one: [(key: String, value: String)], other: [(key: String, value: String)]
) -> Bool {
  one.count == other.count
    && zip(one, other).allSatisfy { $0.key == $1.key && $0.value == $1.value }
}
