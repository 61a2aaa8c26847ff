package import Optimizers

extension Recipe {
  package struct Schedule: Sendable {
    package let name: ScheduleName
    package let rule: any Optimizers.Schedule

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("schedule.name", .choice, default: .oneCycle)
      rule = recipe.rule(of: "schedule.name", name) { $0.rule(&$1) }
    }
  }
}
