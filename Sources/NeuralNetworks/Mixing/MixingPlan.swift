package import Tensors

/// What is done to the photos of one micro-batch.
package struct MixingPlan: Equatable, Sendable {
  /// For each photo the one that is mixed into it.
  package let partners: [Int]
  package let blends: [Blend]

  /// Mixes images `[N, H, W, C]` in place.
  package func apply(to images: Tensor) {
    let originals = Tensor(uninitialized: images.shape)
    originals.pointer.update(from: images.pointer, count: images.count)
    for (row, partner) in partners.enumerated() {
      blends[row].apply(to: images, row: row, partner: partner, of: originals)
    }
  }

  /// What the mixed photos are: of photos a and b of weights w_a and w_b one of weight
  /// `w = λ·w_a + (1 − λ)·w_b`, which is a by `λ·w_a / w`; so w times its loss is
  /// `λ·w_a·L(a) + (1 − λ)·w_b·L(b)`. The label with the larger share is a photo's first: it is what the
  /// photo is learned as most.
  package func mixed(_ targets: Targets) -> Targets {
    var (first, second) = (Array(partners.indices), partners)
    var (shares, weights) = ([Float](), [Float]())
    for (row, partner) in partners.enumerated() {
      let (weight, share) = weightAndShare(of: row, targets.weights)
      if share < 0.5 { (first[row], second[row]) = (partner, row) }
      shares.append(Float(max(share, 1 - share)))
      weights.append(Float(weight))
    }
    let (own, others) = (targets[first], targets[second])
    let mixedWeights = targets.weights.map { _ in weights }
    guard let rows = own.softLabels, let otherRows = others.softLabels else {
      return Targets(
        own.labels, second: Targets.SecondLabels(others.labels, firstShares: shares),
        weights: mixedWeights)
    }
    let classes = rows.count / shares.count
    let softLabels = rows.indices.map { place in
      let share = shares[place / classes]
      return share * rows[place] + (1 - share) * otherRows[place]
    }
    return Targets(own.labels, softLabels: softLabels, weights: mixedWeights)
  }

  /// The weight of a mixed photo, and its own share in it. In Double, where λ and 1 − λ sum to one exactly:
  /// photos of weight one have the shares of those that have no weights. Of weight zero any share is right.
  private func weightAndShare(of row: Int, _ weights: [Float]?) -> (weight: Double, share: Double) {
    let share = Double(blends[row].firstShare)
    guard let weights else { return (1, share) }
    let own = share * Double(weights[row])
    let weight = own + (1 - share) * Double(weights[partners[row]])
    return (weight, weight > 0 ? own / weight : share)
  }
}

/// How one photo is mixed into another.
package enum Blend: Equatable, Sendable {
  /// λ·x + (1 − λ)·x'
  case mixup(share: Float)
  /// x' in a box, whose area is 1 − λ.
  case cutmix(rows: Range<Int>, columns: Range<Int>, share: Float)

  /// λ: what the photo's own label counts.
  package var firstShare: Float {
    switch self {
    case .mixup(let share), .cutmix(_, _, let share): share
    }
  }

  /// Changes one image of a batch `[N, H, W, C]`.
  func apply(to images: Tensor, row: Int, partner: Int, of originals: Tensor) {
    let (width, channels) = (images.shape[2], images.shape[3])
    let length = images.shape[1] * width * channels
    let target = images.pointer + row * length
    let other = originals.pointer + partner * length
    switch self {
    case .mixup(let share):
      for place in 0..<length { target[place] = share * target[place] + (1 - share) * other[place] }
    case .cutmix(let rows, let columns, _):
      for y in rows {
        let place = (y * width + columns.lowerBound) * channels
        (target + place).update(from: other + place, count: columns.count * channels)
      }
    }
  }
}

extension Mixing {
  /// What is drawn for the micro-batch; nil where nothing is to be mixed.
  ///
  /// Draws 0 (whether), 1 (CutMix or MixUp), from 2⁸ on (the order of partners) and from 2²⁰·(1 + k) on
  /// for λ k, 3·2¹⁷ and 3·2¹⁷ + 1 behind these for its box's middle.
  package func plan(
    count: Int, height: Int, width: Int, seed: UInt64, epoch: Int, position: Int
  ) -> MixingPlan? {
    let random = Philox(seed: seed, stream: .mixing, epoch: epoch)
    func uniform(_ index: Int) -> Double {
      Double(random.uniform(position: position, index: index))
    }
    guard count > 1, isActive(inEpoch: epoch), uniform(0) < probability else { return nil }
    let cuts = mixup == 0 || cutmix > 0 && uniform(1) < switchProbability
    func blend(_ number: Int) -> Blend {
      let first = (1 + number) << 20
      let share = dirichlet(2, alpha: cuts ? cutmix : mixup) { uniform(first + $0) }[0]
      if !cuts { return .mixup(share: Float(share)) }
      func part(_ index: Int, of extent: Int) -> Range<Int> {
        let middle = random.integer(below: extent, position: position, index: index)
        let half = Int((1 - share).squareRoot() * 0.5 * Double(extent))
        return max(middle - half, 0)..<min(middle + half, extent)
      }
      let (rows, columns) = (
        part(first + 3 << 17, of: height), part(first + 3 << 17 + 1, of: width)
      )
      // Of the box as it is within the image.
      let area = Double(rows.count * columns.count) / Double(height * width)
      return .cutmix(rows: rows, columns: columns, share: Float(1 - area))
    }
    let blends =
      share == .pair
      ? (0..<count).map(blend) : Array(repeating: blend(0), count: count)
    return MixingPlan(partners: partners(count, random, position: position), blends: blends)
  }

  private func partners(_ count: Int, _ random: Philox, position: Int) -> [Int] {
    switch pairing {
    case .roll: return (0..<count).map { ($0 + count - 1) % count }
    case .flip: return (0..<count).reversed()
    case .shuffle:
      return shuffled(count) {
        random.integer(below: $0, position: position, index: 255 + $0)
      }
    }
  }
}
