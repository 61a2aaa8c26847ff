/// The eight emotions of Mikels, Fredrickson, Larkin, Lindberg, Maglio and Reuter-Lorenz, "Emotional category data on
/// images from the International Affective Picture System", 2005.
enum Emotions {
  /// In the order of the wheel of Zhao, Yao, Gao, Ji, Xie, Jiang and Chua, "Predicting personalized emotion
  /// perceptions of social images", ACM Multimedia 2016, whose last is the first's neighbour. The first half is
  /// positive.
  static let wheel = [
    "amusement", "contentment", "awe", "excitement", "fear", "sadness", "disgust", "anger",
  ]

  /// The places on the wheel of classes that are all among these, in whatever letters; else nil.
  static func places(of classes: [String]) -> [Int]? {
    let places = classes.compactMap { wheel.firstIndex(of: $0.lowercased()) }
    return places.count == classes.count && Set(places).count > 1 ? places : nil
  }

  static func isPositive(_ place: Int) -> Bool { place < wheel.count / 2 }

  /// Steps from one to the other on the shorter way around, 0 to 4.
  static func steps(_ a: Int, _ b: Int) -> Int {
    let way = abs(a - b)
    return min(way, wheel.count - way)
  }
}

extension Metric {
  /// The share of photos that are taken for an emotion of the same sign as their own: positive or negative.
  package static let polarityAccuracy = Metric(
    "polarity-accuracy", title: "polarity", tables: .none,
    ofClasses: { matrix in
      ratio(
        sum(matrix) { Emotions.isPositive($0) == Emotions.isPositive($1) ? 1 : 0 }, matrix.photos)
    }, isOfClasses: { Emotions.places(of: $0) != nil })

  /// How far predictions are from labels on Mikels' wheel, in steps, the mean over the photos; 0 is perfect. Zhao et al.,
  /// and Yang, She and Sun, "Joint image emotion classification and distribution learning via deep convolutional neural
  /// network", IJCAI 2017, take 1 + steps, so that they can divide by it.
  package static let wheelDistance = Metric(
    "wheel-distance", title: "wheel distance", .lowerIsBetter, tables: .none,
    ofClasses: { matrix in ratio(sum(matrix, Emotions.steps), matrix.photos) },
    isOfClasses: { Emotions.places(of: $0) != nil })

  private static func sum(_ matrix: ConfusionMatrix, _ worth: (Int, Int) -> Int) -> Int {
    let places = Emotions.places(of: matrix.classes) ?? []
    return matrix.triples.reduce(0) { sum, pair in
      sum + pair[2] * worth(places[pair[0]], places[pair[1]])
    }
  }
}
