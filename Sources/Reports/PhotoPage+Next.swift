package import Evaluation
package import Images

extension PhotoPage {
  /// A page of photos that nobody has labelled, each with its most probable classes and how little is known of it.
  ///
  /// - Parameters:
  ///   - measures: names of what `lines` have of uncertainty.
  ///   - picture: the photo of a line. What it throws is shown in its place.
  package init(
    title: String, introduction: String, _ lines: some Sequence<PhotoPredictions.Line>,
    measures: [String], picture: (_ index: Int) throws -> Image
  ) throws {
    self.init(
      title: title, introduction: "<p>\(HTML.escaped(introduction))</p>",
      columns: ["photo", "most probable"] + measures + ["file"])
    for (index, line) in lines.enumerated() {
      let classes = line.classes.map { "\(HTML.escaped($0.name)) \(Self.percent($0.p))" }
      try append(
        [Self.thumbnail { try picture(index) }, .html(classes.joined(separator: "<br>"))]
          + line.uncertainty.map { .text("\(($0 * 1000).rounded() / 1000)") } + [.text(line.path)])
    }
  }
}
