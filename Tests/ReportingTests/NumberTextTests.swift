import Testing

@testable import Reporting

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (17_148, "17,148"), (999_999, "999,999"),
      (1_000_000, "1,000,000"), (-999, "-999"), (-1000, "-1,000"),
      (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int, String)])
  func `a comma is at every thousand`(value: Int, text: String) {
    #expect(NumberText.grouped(value) == text)
  }

  @Test(
    arguments: [
      (0.9125, 3, "0.912"), (0.9126, 3, "0.913"), (-0.5, 1, "-0.5"), (2, 0, "2"), (2.6, 0, "3"),
      (0, 4, "0.0000"), (.nan, 3, "nan"), (-.nan, 3, "nan"), (.infinity, 3, "inf"),
      (-.infinity, 3, "-inf"),
    ] as [(Double, Int, String)])
  func `so many decimals are shown, or what isn't a number`(
    value: Double, decimals: Int, text: String
  ) {
    #expect(NumberText.fixed(value, decimals) == text)
  }

  @Test func `the largest number is shown whole`() {
    let text = NumberText.fixed(.greatestFiniteMagnitude, 4)
    #expect(text.hasPrefix("17976931348623157") && text.hasSuffix(".0000") && text.count == 314)
  }

  @Test(
    arguments: [
      (0, "0"), (1, "1"), (0.1, "0.1"), (0.012345, "0.0123"), (123.4, "123"), (1234, "1.23e+03"),
      (0.0001, "0.0001"), (0.0000481, "4.81e-05"), (0.000048, "4.8e-05"),
    ] as [(Double, String)])
  func `three digits are shown, with an exponent where that is shorter`(
    value: Double, text: String
  ) {
    #expect(NumberText.short(value) == text)
  }
}
