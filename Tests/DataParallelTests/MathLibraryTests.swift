import Glibc
import Testing

@testable import DataParallel

@Suite struct MathLibraryTests {
  @Test func `one last bit of one result of any function is another library`() {
    typealias Functions = MathLibrary.Functions
    func odd(_ change: (inout Functions, @escaping (Double) -> Double) -> Void) -> Functions {
      var functions = Functions()
      var calls = 0
      change(&functions) { result in
        calls += 1
        return calls == 200 ? result.nextUp : result
      }
      return functions
    }
    let all = [
      Functions(), odd { $0.exponential = { [late = $1] in late(exp($0)) } },
      odd { $0.logarithm = { [late = $1] in late(log($0)) } },
      odd { $0.power = { [late = $1] in late(pow($0, $1)) } },
      odd { $0.cosine = { [late = $1] in late(cos($0)) } },
    ].map(MathLibrary.digest)
    #expect(Set(all).count == 5)
    #expect(MathLibrary.description == "results \(all[0].prefix(12))")
  }
}
