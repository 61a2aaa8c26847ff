import Glibc
import Kernels
import NeuralNetworks
import Tensors
import Testing

@Suite struct MixingTests {
  /// Image i is full of i + 1.
  private func images(_ count: Int, side: Int = 8) -> Tensor {
    Tensor(
      (0..<count).flatMap { [Float](repeating: Float($0 + 1), count: side * side * 3) },
      shape: [count, side, side, 3])
  }

  private func plan(_ mixing: Mixing, count: Int = 4, position: Int = 0) -> MixingPlan? {
    mixing.plan(count: count, height: 20, width: 30, seed: 5, epoch: 1, position: position)
  }

  @Test func `partners are torchvision's, timm's, or drawn`() throws {
    func partners(_ pairing: Mixing.Pairing, _ count: Int, position: Int = 0) throws -> [Int] {
      try #require(
        plan(Mixing(mixup: 1, pairing: pairing), count: count, position: position)
      ).partners
    }
    #expect(try partners(.roll, 4) == [3, 0, 1, 2])
    #expect(try partners(.flip, 5) == [4, 3, 2, 1, 0])
    let drawn = try (0..<300).map { try partners(.shuffle, 3, position: $0) }
    #expect(drawn.allSatisfy { $0.sorted() == [0, 1, 2] })
    #expect(Set(drawn).count == 6)
  }

  @Test func `photos are added up by their shares, and labels with them`() throws {
    let mixed = images(4)
    let mixing = Mixing(mixup: 0.4)
    let targets = mixing.mix(mixed, Targets([0, 1, 2, 3]), seed: 5, epoch: 1, position: 8)
    let plan = try #require(
      mixing.plan(count: 4, height: 8, width: 8, seed: 5, epoch: 1, position: 8))
    let second = try #require(targets.second)
    for row in 0..<4 {
      let partner = (row + 3) % 4
      let share = plan.blends[row].firstShare
      let value = share * Float(row + 1) + (1 - share) * Float(partner + 1)
      let pixels = mixed.values[(row * 192)..<(row * 192 + 192)]
      #expect(pixels.allSatisfy { abs($0 - value) < 1e-6 })
      // The larger share is the first label's.
      #expect(targets.labels[row] == (share < 0.5 ? partner : row))
      #expect(second.labels[row] == (share < 0.5 ? row : partner))
      #expect(second.firstShares[row] == max(share, 1 - share))
    }
  }

  @Test func `a box of the partner counts by the area that it has`() throws {
    for position in 0..<40 {
      let mixed = images(3, side: 9)
      let mixing = Mixing(cutmix: 1, share: .pair)
      let targets = mixing.mix(mixed, Targets([0, 1, 2]), seed: 1, epoch: 0, position: position)
      let second = try #require(targets.second)
      for row in 0..<3 {
        let pixels = mixed.values[(row * 243)..<(row * 243 + 243)]
        let own = Float(pixels.count { $0 == Float(row + 1) }) / 243
        let others = Float(pixels.count { $0 == Float((row + 2) % 3 + 1) }) / 243
        #expect(own + others == 1)
        #expect(abs(second.firstShares[row] - max(own, others)) < 1e-6)
      }
    }
  }

  /// Beta(α, α) has the mean ½ and the variance 1/(4·(2α + 1)); of 4000 draws, both are within four
  /// standard errors.
  @Test(arguments: [0.2, 0.4, 1, 3]) func `shares are from Beta(α, α)`(alpha: Double) throws {
    let shares: [Double] = try (0..<4000).map { position in
      let drawn = try #require(plan(Mixing(mixup: alpha), position: position))
      return Double(drawn.blends[0].firstShare)
    }
    let mean = shares.reduce(0, +) / 4000
    let variance = 1 / (4 * (2 * alpha + 1))
    let found = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    #expect(abs(mean - 0.5) < 4 * (variance / 4000).squareRoot())
    #expect(abs(found / variance - 1) < 0.1)
    #expect(Set(shares).count > 3900 || alpha < 0.3)
  }

  /// As torchvision's: the middle anywhere, sides √(1 − λ) of the photo's, cut off at its edges.
  @Test func `boxes are about a middle anywhere`() throws {
    var middles: [Double] = []
    for position in 0..<2000 {
      guard
        case .cutmix(let rows, let columns, let share) = try #require(
          plan(Mixing(cutmix: 1), position: position)
        ).blends[0]
      else { continue }
      #expect(rows.upperBound <= 20 && columns.upperBound <= 30)
      #expect(abs(1 - Float(rows.count * columns.count) / 600 - share) < 1e-6)
      if rows.count == 4, rows.lowerBound > 0, rows.upperBound < 20 {
        middles.append(Double(rows.lowerBound + 2))
      }
    }
    // Of boxes of one height that aren't cut, the middles are spread evenly over what is left.
    #expect(middles.count > 60)
    #expect(Set(middles) == Set((3..<18).map(Double.init)))
  }

  @Test func `what is mixed depends on seed, epoch and place alone`() {
    let mixing = Mixing(mixup: 0.4, cutmix: 1, pairing: .shuffle, share: .pair)
    func drawn(seed: UInt64 = 5, epoch: Int = 1, position: Int = 7) -> MixingPlan? {
      mixing.plan(count: 6, height: 9, width: 9, seed: seed, epoch: epoch, position: position)
    }
    #expect(drawn() == drawn())
    #expect(
      Set(
        [drawn(), drawn(seed: 6), drawn(epoch: 2), drawn(position: 8)].map {
          "\(String(describing: $0))"
        }
      ).count == 4)
  }

  @Test func `some micro-batches are left, each kind has its share, and it ends`() {
    var mixing = Mixing(mixup: 1, cutmix: 1, probability: 0.7, switchProbability: 0.2)
    let plans = (0..<2000).map { plan(mixing, position: $0) }
    let cut = plans.count {
      if case .cutmix = $0?.blends.first { true } else { false }
    }
    #expect(abs(Double(plans.count { $0 != nil }) / 2000 - 0.7) < 0.04)
    #expect(abs(Double(cut) / 2000 - 0.14) < 0.03)
    mixing.switchOffEpoch = 1
    #expect(plan(mixing) == nil && !mixing.isActive(inEpoch: 1) && mixing.isActive(inEpoch: 0))
    let lasting = Mixing(mixup: 1, cutmix: 1, probability: 0.7, switchProbability: 0.2)
    #expect(mixing.asInFirstEpoch == lasting && lasting.asInFirstEpoch == lasting)
    mixing.switchOffEpoch = 0
    #expect(mixing.asInFirstEpoch == nil)
    #expect(plan(Mixing()) == nil)
    #expect(plan(Mixing(mixup: 1), count: 1) == nil)
  }

  @Test func `the loss of mixed photos is the labels' losses by their shares`() {
    let logits = Tensor([1, -2, 0.5, 0.3, 2, -1], shape: [2, 3])
    let loss = CrossEntropyLoss(labelSmoothing: 0.1)
    func sum(_ targets: Targets) -> Double {
      Double(loss.sums(logits, targets, gradient: nil).loss)
    }
    let mixed = sum(
      Targets([0, 1], second: Targets.SecondLabels([2, 0], firstShares: [0.7, 0.7])))
    #expect(abs(mixed - 0.7 * sum(Targets([0, 1])) - 0.3 * sum(Targets([2, 0]))) < 1e-5)
  }

  /// Of weights 1 and rows of 0 and 1 nothing comes that labels alone wouldn't give.
  @Test func `each photo's own target counts by its share and its weight`() throws {
    let mixing = Mixing(mixup: 0.4, pairing: .shuffle, share: .pair)
    let (labels, rows): ([Int], [Float]) = (
      [0, 1, 2, 0], [1, 0, 0, 0.2, 0.5, 0.3, 0, 0, 1, 0.6, 0, 0.4]
    )
    let onehot: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]
    let logits = Tensor([1, -2, 0.5, 0.3, 2, -1, 0, 1, 0.2, -1, 1, 0.7], shape: [4, 3])
    let loss = CrossEntropyLoss(labelSmoothing: 0.1)
    func sums(_ targets: Targets) -> LossSums { loss.sums(logits, targets, gradient: nil) }
    /// The loss of one logit row by one photo's target.
    func single(_ row: Int, _ targets: Targets, _ photo: Int) -> Double {
      let values = Array(logits.values[(row * 3)..<(row * 3 + 3)])
      return loss.sums(Tensor(values, shape: [1, 3]), targets[[photo]], gradient: nil).loss
    }
    for position in 0..<30 {
      let plan = try #require(
        mixing.plan(count: 4, height: 8, width: 8, seed: 5, epoch: 1, position: position))
      for weights: [Float]? in [nil, [1, 1, 1, 1], [2, 0, 0.5, 3], [0, 0, 0, 0]] {
        for softLabels in [nil, rows, onehot] {
          let targets = Targets(labels, softLabels: softLabels, weights: weights)
          let found = sums(plan.mixed(targets))
          var expected = (loss: 0.0, weight: 0.0)
          for (row, partner) in plan.partners.enumerated() {
            let share = Double(plan.blends[row].firstShare)
            for (photo, share) in [(row, share), (partner, 1 - share)] {
              expected.loss += share * single(row, targets, photo)
              expected.weight += share * Double(weights?[photo] ?? 1)
            }
          }
          #expect(abs(found.loss - expected.loss) < 1e-5)
          #expect(abs(found.weight - expected.weight) < 1e-6)
        }
        let plain = sums(plan.mixed(Targets(labels, weights: weights)))
        let soft = sums(plan.mixed(Targets(labels, softLabels: onehot, weights: weights)))
        #expect(soft.loss == plain.loss && soft.weight == plain.weight)
      }
      let ones = plan.mixed(Targets(labels, weights: [1, 1, 1, 1]))
      #expect(ones.weights == [1, 1, 1, 1])
      #expect(Targets(ones.labels, second: ones.second) == plan.mixed(Targets(labels)))
    }
  }

  @Test func `photos that aren't mixed stay as they are`() {
    let targets = Targets([0, 1], softLabels: [0.5, 0.5, 0, 1], weights: [2, 0])
    #expect(Mixing().mix(images(2), targets, seed: 1, epoch: 0, position: 0) == targets)
  }
}
