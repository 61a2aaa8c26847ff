import Datasets
import Files
import Images
import NeuralNetworks
import Recipes
import Reports

extension Preview {
  /// Sides of the pictures on a sheet, in pixels.
  private static let side = 160

  /// The sheet as a PNG file.
  ///
  /// - Throws: `PNGError`.
  private var sheet: [UInt8] {
    get throws { try ContactSheet(samples, side: Self.side).image.png() }
  }

  /// Writes the samples: to a folder each as a PNG, with `samples.json` and the sheet; or the sheet as
  /// a PNG, or as a page with what was drawn, by the path's ending.
  ///
  /// - Returns: the paths of what was written for people.
  /// - Throws: `PreviewError`, `PNGError`, `FileError`.
  package func write(to path: String) throws -> [String] {
    switch Paths.suffix(of: path) {
    case "png":
      try FileWriting.replace(path, with: sheet)
      return [path]
    case "html":
      try page().write(to: path)
      return [path]
    default:
      try PreviewError.checkFolder(path)
      try FileWriting.makeFolder(path)
      let files = samples.map { "sample-\(padded($0.place, to: 6)).png" }
      for (sample, file) in zip(samples, files) {
        try FileWriting.replace("\(path)/\(file)", with: sample.after.png())
      }
      try FileWriting.replace("\(path)/samples.json", with: Array(json(files: files).utf8))
      try FileWriting.replace("\(path)/sheet.png", with: sheet)
      return ["\(path)/sheet.png", "\(path)/samples.json"]
    }
  }

  private func page() throws -> PhotoPage {
    var page = PhotoPage(
      title: "What a training sees in epoch \(epoch), the first being 0",
      introduction: "<p>Seed \(experiment.recipe.training.seed); numbers are those of "
        + "<code>samples.json</code>.</p>\n<ol>\(steps.joined())</ol>")
    for sample in samples {
      let photo = experiment.dataset.samples[sample.photo]
      let drawn = sample.steps.filter { !$0.values.isEmpty }.map { entry in
        let values = entry.values.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
        return "<li><b>\(entry.word)</b> \(values)</li>"
      }
      let label = HTML.escaped(experiment.dataset.labelText(of: sample.photo))
      try page.append([
        .photo(sample.before.thumbnail(longerSide: 2 * Self.side)), .picture(sample.after),
        .html(
          "\(label)<br>\(HTML.escaped(photo.path))<br>place \(sample.place)"
            + "<ul>\(drawn.joined())\(sample.mixed.map(line) ?? "")</ul>"),
      ])
    }
    return page
  }

  /// Of `augment`, each as a recipe has it.
  private var steps: [String] {
    experiment.recipe.augment(inEpoch: epoch).map { step in
      "<li><code>\(HTML.escaped(String([step].effect.dropFirst().dropLast())))</code></li>"
    }
  }

  /// `cutmix with place 7 (hat, train/hat/3.jpg), λ 0.78, box [10, 0, 40, 31]`
  private func line(_ mixed: Mixed) -> String {
    let other = experiment.dataset.samples[mixed.photo]
    let names = "\(experiment.dataset.labelText(of: mixed.photo)), \(other.path)"
    let share = Journal.Value.number(Double(mixed.blend.firstShare)).text
    let box = mixed.blend.box.map { ", box \($0)" } ?? ""
    return "<li><b>\(mixed.blend.name)</b> with place \(mixed.place) "
      + "(\(HTML.escaped(names))), λ \(share)\(box)</li>"
  }
}

extension Journal.Value {
  /// For people: three digits behind the point.
  fileprivate var text: String {
    func short(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
    return switch self {
    case .number(let number): short(number)
    case .numbers(let numbers): "[" + numbers.map(short).joined(separator: ", ") + "]"
    case .word(let word): word
    }
  }
}
