package import Evaluation

/// A reliability diagram: how often photos are right by how sure a model was of them. DeGroot and Fienberg, "The comparison
/// and evaluation of forecasters", 1983.
package enum Reliability {
  private static let (width, height) = (460.0, 330.0)
  private static let (left, right, top, bottom) = (52.0, 14.0, 14.0, 96.0)

  /// - Parameters:
  ///   - share: how a share is written.
  package static func figure(
    _ id: String, title: String, description: String, _ calibration: Calibration,
    share: (Double) -> String
  ) -> Figure {
    let x = Scale(of: [0, 1], from: left, to: width - right)
    let y = Scale(of: [0, 1], from: height - bottom, to: top)
    var drawing: [HTML] = y.ticks.map { tick in
      Figure.line(left, y.place(tick), width - right, y.place(tick), "grid")
        + Figure.text(y.text(tick), x: left - 6, y: y.place(tick) + 4, anchor: "end", soft: true)
        + Figure.text(
          x.text(tick), x: x.place(tick), y: height - bottom + 16, anchor: "middle", soft: true)
    }
    drawing.append(Figure.line(x.place(0), y.place(0), x.place(1), y.place(1), "mark"))
    let most = calibration.bins.map(\.photos).max() ?? 0
    let wide = (width - left - right) / Double(calibration.bins.count)
    for (place, bin) in calibration.bins.enumerated() where bin.photos > 0 {
      let from = left + wide * Double(place)
      if let accuracy = bin.accuracy, let confidence = bin.confidence {
        drawing.append(
          """
          <rect x="\(from + 1)" y="\(y.place(accuracy))" width="\(wide - 2)" \
          height="\(y.place(0) - y.place(accuracy))" class="fa faint"/>
          <circle cx="\(x.place(confidence))" cy="\(y.place(accuracy))" r="3.5" class="fa"/>

          """)
      }
      let tall = 36 * Double(bin.photos) / Double(max(1, most))
      drawing.append(
        "<rect x=\"\(from + 1)\" y=\"\(height - 18 - tall)\" width=\"\(wide - 2)\" height=\"\(tall)\" class=\"fb faint\"/>\n"
      )
    }
    drawing += [
      Figure.text(
        "how sure; below, how many photos", x: (left + width - right) / 2, y: height - 3,
        anchor: "middle", soft: true),
      Figure.text("right", x: left - 6, y: top + 20, anchor: "end", soft: true),
    ]
    return Figure(
      id, title: title, description: description, width: width, height: height,
      drawing: HTML(drawing), table: table(title, calibration, share))
  }

  private static func table(
    _ caption: String, _ calibration: Calibration, _ share: (Double) -> String
  ) -> Table {
    func cell(_ value: Double?) -> Table.Cell {
      value.map { .number($0, shown: share($0)) } ?? .text("–")
    }
    let count = calibration.bins.count
    return Table(
      caption, headings: ["sure from", "to", "photos", "mean sureness", "right"],
      rows: calibration.bins.enumerated().map { place, bin in
        let (from, to) = (Double(place) / Double(count), Double(place + 1) / Double(count))
        return [
          .text(share(from)), .text(share(to)),
          .number(Double(bin.photos), shown: "\(bin.photos)"), cell(bin.confidence),
          cell(bin.accuracy),
        ]
      })
  }
}
