import Optimizers
import Testing

/// What holds for every schedule.
@Suite struct ScheduleTests {
  static let totals = [1, 2, 3, 10, 1000]

  @Test(arguments: ScheduleCase.all, totals)
  func `each factor is a share of the peak`(row: ScheduleCase, total: Int) {
    for step in 0..<total {
      let factor = row.schedule.factor(step: step, of: total)
      #expect(factor >= 0 && factor <= 1, "step \(step)")
    }
  }

  @Test(arguments: ScheduleCase.all, totals)
  func `beyond the last step its factor stays`(row: ScheduleCase, total: Int) {
    let last = row.schedule.factor(step: total - 1, of: total)
    for step in [total, total + 1, total + 100, 10 * total] {
      #expect(row.schedule.factor(step: step, of: total) == last, "step \(step)")
    }
  }

  /// So a training that resumes, or asks twice, goes on as it would have.
  @Test(arguments: ScheduleCase.all, totals)
  func `a factor doesn't depend on what was asked before`(row: ScheduleCase, total: Int) {
    let forwards = (0..<total).map { row.schedule.factor(step: $0, of: total) }
    let backwards = (0..<total).reversed().map { row.schedule.factor(step: $0, of: total) }
    #expect(forwards.map(\.bitPattern) == backwards.reversed().map(\.bitPattern))
  }

  @Test func `the constant schedule is the peak`() {
    #expect(ConstantSchedule().factor(step: 7, of: 30) == 1)
  }
}
