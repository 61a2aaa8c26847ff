import Testing

@testable import Serving

@Suite struct ClientRatesTests {
  @Test func `a client has as many requests as it may have in a minute, and others theirs`() {
    let rates = ClientRates(perMinute: 6)
    let start = ContinuousClock.now
    for _ in 0..<6 { #expect(rates.wait(of: "a", now: start) == nil) }
    #expect(rates.wait(of: "a", now: start) == 10)
    #expect(rates.wait(of: "b", now: start) == nil)
    #expect(rates.wait(of: "a", now: start + .seconds(4)) == 6)
    #expect(rates.wait(of: "a", now: start + .seconds(10)) == nil)
    #expect(rates.wait(of: "a", now: start + .seconds(10)) == 10)
    for _ in 0..<6 { #expect(rates.wait(of: "a", now: start + .seconds(500)) == nil) }
    #expect(rates.wait(of: "a", now: start + .seconds(500)) == 10)
  }

  @Test func `any number of clients takes bounded memory, and those that are there are remembered`()
  {
    let rates = ClientRates(perMinute: 1)
    let start = ContinuousClock.now
    for number in 0..<9_999 { #expect(rates.wait(of: "old \(number)", now: start) == nil) }
    #expect(rates.wait(of: "a", now: start + .seconds(70)) == nil)
    #expect(rates.wait(of: "b", now: start + .seconds(71)) == nil)
    #expect(rates.wait(of: "a", now: start + .seconds(71)) == 59)
    #expect(rates.clients == 2)
  }
}
