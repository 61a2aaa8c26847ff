import Support
import Testing
@testable import Pretrained

@Suite struct TimmConfigFuzzTests {
  @Test func `a JSON beside weights is read, passed over or refused`() throws {
    let scratch = try Scratch()
    let seeds = [
      #"{"mean": [0.5, 0.25, 0.125], "std": [0.5, 0.5, 0.5], "crop_pct": 0.95}"#,
      """
      {"architecture": "resnet18", "label_names": ["a", "b"], "pretrained_cfg": {"tag": "a1_in1k",
       "input_size": [3, 224, 224], "crop_mode": "center", "interpolation": "bicubic"}}
      """,
    ]
    let words = [
      "[", "{", "null", "1e999", "-1", "\"squash\"", "\\u0000", "\"border\"", "[3, 8, 8]",
    ]
    try Fuzzing.run(
      "timm", seeds: seeds.map { Array($0.utf8) }, words: words.map { Array($0.utf8) }
    ) { input in
      try scratch.write(input, to: "a.json")
      let found = try TimmConfig(besides: "\(scratch.path)/a.pth")
      // What is understood can be put into a recipe.
      if let side = found?.preparation.side { #expect((8...1024).contains(side)) }
    }
  }
}
