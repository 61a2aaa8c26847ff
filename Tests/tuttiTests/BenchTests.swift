import Foundation
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// What `tutti bench` finds: its keys and how its figures hang together, not how high they are.
  @Suite struct BenchTests {
    let small = ["--model", "cifar-resnet8", "--size", "32", "--batch", "6"]

    @Test(arguments: [1, 2])
    func `a step's figures are of all ranks together`(ranks: Int) throws {
      let result = try document(
        ["bench", "step", "--micro-batch", "3", "--threads", "1", "--steps", "3"] + small,
        ranks: ranks)
      #expect(
        result.keys.sorted() == [
          "batch", "forecast_tensor_bytes", "images_per_second", "micro_batch", "model",
          "peak_memory_bytes", "precision", "processor", "ranks", "recomputes", "size",
          "step_milliseconds", "tensor_peak_bytes", "threads",
        ])
      #expect(result["model"] as? String == "cifar-resnet8")
      #expect(result["ranks"] as? Int == ranks)
      #expect(result["threads"] as? Int == 1)
      let milliseconds = try #require(result["step_milliseconds"] as? Double)
      let rate = try #require(result["images_per_second"] as? Double)
      #expect(milliseconds > 0)
      #expect(abs(rate * milliseconds / Double(6000 * ranks) - 1) < 1e-9)
      let tensors = try #require(result["tensor_peak_bytes"] as? Int)
      let memory = try #require(result["peak_memory_bytes"] as? Int)
      #expect(tensors > 1 << 20 && memory > tensors)
      let forecast = try #require(result["forecast_tensor_bytes"] as? Int)
      #expect(abs(Double(forecast) / Double(tensors) - 1) < 0.1)
    }

    @Test func `images a second of forward passes are those of the median pass`() throws {
      let result = try document(
        ["bench", "inference", "--threads", "1", "--seconds", "0.01"] + small)
      let milliseconds = try #require(result["pass_milliseconds"] as? Double)
      let speed = try #require(result["images_per_second"] as? Double)
      #expect(milliseconds > 0 && abs(speed * milliseconds / 6000 - 1) < 1e-9)
      #expect((result["passes"] as? Int ?? 0) >= 3)
    }

    @Test func `each part of each operation of a net has a row`() throws {
      let result = try document(["bench", "kernels", "--threads", "1", "--passes", "1"] + small)
      let rows = try #require(result["rows"] as? [[String: Any]])
      func row(_ name: String, _ part: String) -> [String: Any]? {
        rows.first {
          ($0["operation"] as? String)?.hasPrefix(name) == true
            && $0["part"] as? String == part
        }
      }
      let stem = "convolution [6, 32, 32, 3] → [6, 32, 32, 16], 3×3×3×16"
      #expect(row(stem, "input gradient") == nil, "images need no gradient")
      let forward = try #require(row(stem, "forward"))
      #expect(row(stem, "weight gradient") != nil)
      let milliseconds = try #require(forward["milliseconds"] as? Double)
      let gigaflops = try #require(forward["gigaflops"] as? Double)
      // Two for each of the filters' 432 numbers at each of the outputs' 6144 pixels.
      #expect(abs(gigaflops * milliseconds * 1e6 / (2 * 432 * 6144) - 1) < 1e-9)
      // The second convolution of the first block has the first one's shapes.
      #expect(
        row("convolution [6, 32, 32, 16] → [6, 32, 32, 16]", "forward")?["calls"] as? Int == 2)
      #expect(row("linear [6, 64] → [6, 8], 64×8", "input gradient") != nil)
      let listed = rows.reduce(0) { $0 + ($1["milliseconds"] as? Double ?? 0) }
      let pass = try #require(result["pass_milliseconds"] as? Double)
      #expect(listed > 0 && listed <= pass)
      for key in ["peak_gigaflops", "peak_gigabytes_per_second"] {
        #expect(try #require(result[key] as? Double) > 0)
      }
    }

    @Test(arguments: [1, 2])
    func `the exchange of a gradient`(ranks: Int) throws {
      let result = try document(
        ["bench", "allreduce", "--megabytes", "2", "--micro-batches", "3"], ranks: ranks)
      #expect(result["ranks"] as? Int == ranks)
      let parts = ["exchange_milliseconds", "weights_milliseconds"].map {
        result[$0] as? Double ?? .nan
      }
      let rate = try #require(result["gigabytes_per_second"] as? Double)
      #expect(abs(rate * (parts[0] + parts[1]) - 2) < 1e-9)
      let sent = try #require(result["sent_gigabytes_per_second"] as? Double)
      // Half of the gradient to exchange and half of the weights, of two ranks.
      #expect(abs(sent - (ranks == 1 ? 0 : rate)) < 1e-9)
    }

    @Test func `photos are loaded, no more than asked for`() throws {
      let result = try document([
        "bench", "loader", "--data", Photos.few, "--size", "32", "--threads", "2", "--photos", "8",
        "--pipeline", "evaluation", "--set", "augment=[random-resized-crop, normalize]",
      ])
      #expect(result["pipeline"] as? String == "evaluation" && result["size"] as? Int == 32)
      #expect(result["photos"] as? Int == 8)
      let rate = try #require(result["images_per_second"] as? Double)
      #expect(rate > 0)
      let each = try #require(result["images_per_second_per_thread"] as? Double)
      #expect(abs(each * 2 / rate - 1) < 1e-9)
      let stages = try #require(result["stages"] as? [[String: Any]])
      #expect(stages.map { $0["name"] as? String } == ["decode", "resize", "normalize"])
      let shares = stages.map { $0["share"] as? Double ?? .nan }
      #expect(shares.allSatisfy { $0 > 0 } && abs(shares.reduce(0, +) - 1) < 1e-9)
      let times = stages.map { $0["microseconds"] as? Double ?? .nan }
      #expect(abs(times[0] / times[1] / (shares[0] / shares[1]) - 1) < 1e-9)
    }

    @Test(arguments: [
      (["step", "--model", "cifar-resnet9"], 65, "did you mean `cifar-resnet8`"),
      (["step", "--size", "4"], 65, "from 8 to 1024"),
      (["step", "--batch", "6", "--micro-batch", "4"], 64, "4 doesn't divide --batch 6"),
      (["allreduce", "--megabytes", "0"], 64, "--megabytes takes a whole number from 1 to 8000"),
      (["allreduce", "--micro-batches", "65537"], 64, "from 1 to 65536, not 65537"),
      (
        ["step", "--threads", "9223372036854775807"], 64, "from 1 to 1024, not 9223372036854775807"
      ),
      (["step", "--batch", "9223372036854775807"], 64, "--batch takes"),
      (["step", "--micro-batch", "0"], 64, "--micro-batch takes"),
      (["step", "--steps", "1000001"], 64, "--steps takes"),
      (["step", "--warm-up", "1000001"], 64, "--warm-up takes a whole number from 0 to"),
    ])
    func `what can't be measured is told once`(
      arguments: [String], code: Int32, says: String
    ) throws {
      let run = try tutti(["bench"] + arguments, ranks: 2)
      #expect(run.exitCode == code)
      #expect(run.output.isEmpty)
      let lines = run.errors.split(separator: "\n").filter { $0.contains(says) }
      #expect(lines.count == 1)
    }

    @Test(arguments: [
      ["inference", "--threads", "9223372036854775807"], ["inference", "--batch", "65537"],
      ["inference", "--seconds", "86401.0"], ["inference", "--seconds", "nan"],
      ["kernels", "--threads", "1025"], ["kernels", "--batch", "0"],
      ["kernels", "--passes", "1000001"], ["loader", "--data", "photos", "--threads", "0"],
      ["loader", "--data", "photos", "--photos", "100000001"],
    ])
    func `a number out of range is told with the range`(arguments: [String]) throws {
      let run = try tutti(["bench"] + arguments)
      let (option, number) = (arguments[arguments.count - 2], arguments[arguments.count - 1])
      #expect(run.exitCode == 64)
      #expect(
        try run.errors.contains(Regex("Error: \(option) takes .* to \\d+.*, not \(number)\n")))
    }

    private func document(_ arguments: [String], ranks: Int? = nil) throws -> [String: Any] {
      let run = try tutti(arguments + ["--json"], ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      return try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }
  }
}
