import Reports
package import Runs

/// What trainings took of energy and money, by what an hour takes and costs.
package struct ReportUsage {
  private let hostHours: Double
  private let watts: Double?
  private let pricePerKilowattHour: Double?
  private let pricePerHostHour: Double?

  /// - Parameters:
  ///   - record: whose hours are counted.
  ///   - watts: of a host; nil where it isn't known.
  ///   - pricePerKilowattHour: in whatever currency.
  ///   - pricePerHostHour: what a host costs.
  package init(
    of record: RunRecord?, watts: Double? = nil, pricePerKilowattHour: Double? = nil,
    pricePerHostHour: Double? = nil
  ) {
    hostHours = record.map(Self.hostHours) ?? 0
    self.watts = watts
    self.pricePerKilowattHour = pricePerKilowattHour
    self.pricePerHostHour = pricePerHostHour
  }

  /// Trainings that ran side by side took a part of the hosts each: by their ranks.
  private static func hostHours(of record: RunRecord) -> Double {
    let size = ReportProvenance.size(of: record)
    return record.trainings.reduce(0) { sum, training in
      let ranks = training.metrics.starts.last.map { Double($0.ranks) } ?? size.ranks
      return sum + training.hours * size.hosts * min(1, ranks / size.ranks)
    }
  }

  /// A sentence for what is known; nil where only the time is.
  private var sentence: String? {
    var parts: [String] = []
    let energy = watts.map { hostHours * $0 / 1000 }
    if let energy, let watts {
      parts.append("\(NumberText.short(energy)) kWh at \(NumberText.short(watts)) W a host")
    }
    if let energy, let pricePerKilowattHour {
      parts.append("\(NumberText.fixed(energy * pricePerKilowattHour, 2)) for them")
    }
    if let pricePerHostHour {
      parts.append("\(NumberText.fixed(hostHours * pricePerHostHour, 2)) for the hosts")
    }
    return parts.isEmpty
      ? nil : "\(NumberText.short(hostHours)) host-hours: \(parts.joined(separator: ", "))."
  }

  func added(to section: ReportPage.Section) -> ReportPage.Section {
    guard let sentence else { return section }
    return ReportPage.Section(section.id, section.title, "\(section.body)<p>\(sentence)</p>\n")
  }
}
