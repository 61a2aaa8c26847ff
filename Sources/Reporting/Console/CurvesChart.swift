import Evaluation
package import Runs

/// The learning curves of a training in twelve lines: its losses at the left, and at the right the metric that chooses
/// epochs where that is another number.
package enum CurvesChart {
  private static let rows = 8
  private static let gap = "  "

  /// Lines of at most `width` characters; none for fewer than two epochs.
  ///
  ///     loss: ⠤⠤⠤ validation, ⠄⠠⠄ training      macro F1 of the validation photos
  ///      2.31 │ ⡀                               0.912 │         ⢀⡠⠤⠒⠒⠉
  ///           │ ⠘⡄                                    │   ⢀⠤⠊⠁
  ///      …                                      …
  ///           └──────────────────────                 └──────────────────────
  ///                        ▲ epoch 21                              ▲ epoch 21
  ///             epoch 1            30                   epoch 1            30
  package static func lines(_ curves: LearningCurves, width: Int = 79) -> [String] {
    lines(curves, width: width, script: .ofTerminal)
  }

  static func lines(
    _ curves: LearningCurves, width: Int, script: TextPlot.Script
  ) -> [String] {
    guard let first = curves.epochs.first, let last = curves.epochs.last, curves.epochs.count > 1
    else { return [] }
    var panels = [losses(of: curves, script)]
    if let metric = curves.metric, metric != .loss { panels.append(values(of: curves, metric)) }
    let own = (width - gap.count * (panels.count - 1)) / panels.count
    let blocks = panels.map { panel in
      let numbers = panel.curves.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
      let low = numbers.min() ?? 0
      let range = low...max(numbers.max() ?? low, low)
      func plot(_ columns: Int) -> TextPlot {
        TextPlot(
          columns: columns, rows: rows, x: Double(first.number)...Double(last.number), y: range,
          script: script)
      }
      let margin = TextPlot.margin(plot(0).labels)
      var picture = plot(max(10, own - margin))
      for curve in panel.curves {
        picture.draw(
          curve.points, letter: curve.isDotted ? "." : "*",
          spacing: curve.isDotted && script == .braille ? 3 : 1)
      }
      let marked = curves.chosen.map { (x: Double($0), text: "epoch \($0)") }
      return ["  " + panel.title]
        + picture.lines(mark: marked, ends: ("epoch \(first.number)", "\(last.number)"))
    }
    return (0..<(blocks.map(\.count).max() ?? 0)).map { number in
      let parts = blocks.map { $0[number] }
      return zip(parts, parts.indices).map { part, place in
        place == parts.count - 1
          ? part : part + String(repeating: " ", count: max(0, own - part.count)) + gap
      }.joined()
    }
  }

  private struct Curve {
    let points: [(x: Double, y: Double)]
    var isDotted = false
  }

  private struct Panel {
    let title: String
    let curves: [Curve]
  }

  private static func losses(of curves: LearningCurves, _ script: TextPlot.Script) -> Panel {
    let training = curve(curves, \.trainingLoss)
    guard curves.epochs.contains(where: { $0.validationLoss != nil }) else {
      return Panel(title: "training loss", curves: [Curve(points: training)])
    }
    return Panel(
      title: script == .braille
        ? "loss: ⠤⠤⠤ validation, ⠄⠠⠄ training" : "loss: ** validation, .. training",
      curves: [
        Curve(points: training, isDotted: true), Curve(points: curve(curves, \.validationLoss)),
      ])
  }

  private static func values(of curves: LearningCurves, _ metric: Metric) -> Panel {
    Panel(
      title: "\(metric.title) of the validation photos",
      curves: [Curve(points: curve(curves, \.value))])
  }

  private static func curve(
    _ curves: LearningCurves, _ value: (LearningCurves.Epoch) -> Double?
  ) -> [(x: Double, y: Double)] {
    curves.epochs.map { (Double($0.number), value($0) ?? .nan) }
  }
}
