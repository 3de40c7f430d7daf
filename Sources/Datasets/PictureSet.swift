import Synchronization

/// Pictures of files, brought to one size whenever they are asked for. Up to the first random transform they are perhaps kept in
/// memory, so that an epoch decodes nothing; what comes after depends on the seed, the pass and the picture alone.
package struct PictureSet: Sendable {
  /// One for each example.
  var paths: [String] = []
  /// What is kept: whole examples, one channel after the other, when nothing is random; else pictures as `places` has them.
  var kept: [UInt8] = []
  private var places: [(start: Int, width: Int, height: Int)] = []
  private let fixed: ArraySlice<PictureTransform>
  private let random: ArraySlice<PictureTransform>
  /// Channels, height, width of the result.
  private let shape: [Int]
  private let seed: UInt64
  /// Whether random transforms draw numbers.
  private var varies = true
  private let failure = FirstFailure()

  init(transforms: [PictureTransform], shape: [Int], seed: UInt64) {
    let first = transforms.firstIndex(where: \.isRandom) ?? transforms.endIndex
    fixed = transforms[..<first]
    random = transforms[first...]
    self.shape = shape
    self.seed = seed
  }

  var isRandom: Bool { !random.isEmpty }

  /// Whether a picture is not the same in every pass.
  var changes: Bool { varies && isRandom }

  /// Whether no file is read any more.
  var isKept: Bool { !places.isEmpty || !kept.isEmpty }

  /// The same pictures with nothing left to chance, for validation.
  var steady: PictureSet {
    var result = self
    result.varies = false
    return result
  }

  /// The shortest side that a file's picture must have, where its first transform makes a smaller picture of all of it: twice the
  /// wanted one, so that nothing is seen of how it was decoded.
  var enough: Int? { (fixed.first ?? random.first)?.resizedSide.map { 2 * $0 } }

  /// Why a picture could not be read again; it was black then.
  var failed: DataError? { failure.error.withLock { $0 } }

  /// What the fixed transforms make of the picture at `path`. Throws what it would throw later as well.
  func prepared(_ path: String) throws(DataError) -> Picture {
    let picture = try decode(path)
    try checkSize(isRandom ? vary(picture, path, example: 0, pass: 0) : picture, path)
    return picture
  }

  /// What the other transforms make of a prepared picture when nothing is left to chance.
  func whole(_ picture: Picture, _ path: String) throws(DataError) -> Picture {
    try steady.vary(picture, path, example: 0, pass: 0)
  }

  /// Keeps `picture`, a prepared one, for the next example.
  mutating func keep(_ picture: Picture) {
    guard isRandom else { return picture.appendPlanes(to: &kept) }
    places.append((kept.count, picture.width, picture.height))
    kept += picture.bytes
  }

  /// Lets go of what was kept.
  mutating func forget() {
    kept = []
    places = []
  }

  /// Example `index` in pass `pass` over the data, of the declared size; black when its file can no longer be read, see `failed`.
  func picture(_ index: Int, pass: Int) -> Picture {
    do throws(DataError) {
      let path = paths[index]
      let picture: Picture
      if places.isEmpty {
        picture = try decode(path)
      } else {
        let place = places[index]
        let end = place.start + place.width * place.height * shape[0]
        picture = Picture(
          width: place.width, height: place.height, channels: shape[0], bytes: Array(kept[place.start..<end]))
      }
      let result = try vary(picture, path, example: index, pass: pass)
      try checkSize(result, path)
      return result
    } catch {
      failure.error.withLock { first in if first == nil { first = error } }
      return Picture(width: shape[2], height: shape[1], channels: shape[0])
    }
  }

  private func decode(_ path: String) throws(DataError) -> Picture {
    var picture = try PictureFile.read(path, channels: shape[0], enough: enough)
    var none: SplitMix64?
    for transform in fixed { picture = try transform.apply(to: picture, path: path, &none) }
    return picture
  }

  private func vary(_ picture: Picture, _ path: String, example: Int, pass: Int) throws(DataError) -> Picture {
    var generator: SplitMix64?
    if varies {
      var ofPass = SplitMix64(seed: seed, purpose: .pictures, number: pass)
      generator = SplitMix64(seed: ofPass.next(), purpose: .pictures, number: example)
    }
    var result = picture
    for transform in random { result = try transform.apply(to: result, path: path, &generator) }
    return result
  }

  private func checkSize(_ picture: Picture, _ path: String) throws(DataError) {
    guard picture.height == shape[1], picture.width == shape[2] else {
      throw DataError(
        .badData, path, "gives a picture of \(picture.height) x \(picture.width), expected \(shape[1]) x \(shape[2])",
        help: "add `-> resize(\(shape[1]), \(shape[2]))`")
    }
  }
}

/// The first error of any thread.
private final class FirstFailure: Sendable {
  let error = Mutex<DataError?>(nil)
}
