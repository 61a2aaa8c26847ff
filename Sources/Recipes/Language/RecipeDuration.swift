import Optimizers
import Yams

// Durations in a recipe: `10ep` for epochs, `500st` for steps, `20%` of all steps.

extension RecipeKind<ScheduleDuration> {
  /// Any duration but none.
  static var duration: Self { duration(share: 0...1, isPositive: true) }

  /// A duration, or none: `0st`.
  ///
  /// - Parameter most: the largest share of all steps.
  static func duration(atMost most: Double) -> Self { duration(share: 0...most, isPositive: false) }

  private static func duration(share range: ClosedRange<Double>, isPositive: Bool) -> Self {
    let limit =
      range.upperBound < 1 ? " up to \(RecipeNumber.percent(range.upperBound))" : ""
    let allowed =
      "epochs (`5ep`), steps (`500st`) or a share of all steps (`10%`)\(limit)"
      + (isPositive ? ", more than none" : "")
    return Self(allowed) { value throws(RecipeError) in
      // What was a share before there were others was written as a number.
      let share =
        FormerKeys.isFormer(value.key) ? value.node.plain.flatMap(RecipeNumber.decimal) : nil
      guard
        let duration = share.map(ScheduleDuration.share)
          ?? value.node.plain.flatMap(ScheduleDuration.init(recipeText:)),
        duration.isAllowed(share: range, isPositive: isPositive)
      else { throw value.mismatch(allowed) }
      return duration
    } write: {
      $0.recipeText
    }.meaning { duration in
      // As it stood in the digests of runs when there were shares alone.
      if case .share(let share) = duration { return RecipeNumber.text(share) }
      return duration.recipeText
    }
  }
}

extension RecipeKind<StepSchedule.Times> {
  /// A duration, or a list of them.
  static var times: Self {
    let item = RecipeKind<ScheduleDuration>.duration
    let allowed = "\(item.allowed), or a list of such, such as `[50%, 75%]`"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node, !nodes.isEmpty else {
        if let interval = try? item.parse(value) { return .every(interval) }
        throw value.mismatch(allowed)
      }
      var times: [ScheduleDuration] = []
      for node in nodes { times.append(try item.parse(value.part(node, key: value.key))) }
      return .at(times)
    } write: { times in
      switch times {
      case .every(let interval): return item.write(interval)
      case .at(let times): return "[" + times.map(item.write).joined(separator: ", ") + "]"
      }
    }
  }
}

extension ScheduleDuration {
  /// Nil where the text is no duration.
  fileprivate init?(recipeText text: String) {
    func number(before unit: String) -> Substring? {
      text.hasSuffix(unit) ? text.dropLast(unit.count) : nil
    }
    if let share = number(before: "%").flatMap({ RecipeNumber.percentage(String($0)) }) {
      self = .share(share)
    } else if let count = number(before: "ep").flatMap({ RecipeNumber.decimal(String($0)) }) {
      self = .epochs(count)
    } else if let count = number(before: "st").flatMap({ RecipeNumber.integer(String($0)) }) {
      self = .steps(count)
    } else {
      return nil
    }
  }

  package var recipeText: String {
    switch self {
    case .epochs(let count):
      count == count.rounded() ? "\(Int(count))ep" : "\(RecipeNumber.text(count))ep"
    case .steps(let count): "\(count)st"
    case .share(let share): RecipeNumber.percent(share)
    }
  }

  fileprivate func isAllowed(share range: ClosedRange<Double>, isPositive: Bool) -> Bool {
    let amount: Double
    let allowed: ClosedRange<Double>
    switch self {
    case .epochs(let count): (amount, allowed) = (count, 0...100_000)
    case .steps(let count): (amount, allowed) = (Double(count), 0...1_000_000_000)
    case .share(let share): (amount, allowed) = (share, range)
    }
    return allowed.contains(amount) && (amount > 0 || !isPositive)
  }
}
