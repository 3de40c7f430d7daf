import KernelContract
import Kernels
import Testing

private let shapes = [(1, 1, 1), (7, 5, 16), (3, 20_000, 20_000), (900, 37, 48), (64, 1, 1), (5000, 1, 16)]

@Test(arguments: instructionSets, shapes.indices)
func sumsOfEverythingAgreeWithFloat64(_ set: InstructionSet, _ index: Int) {
  let (rows, columns, stride) = shapes[index]
  let numbers = Buffer.random(rows * columns, seed: 5)
  let x = numbers.spread(rows: rows, columns: columns, stride: stride)
  let expected = numbers.values.reduce(0) { $0 + Double($1) } * 0.25
  let sequence = RowReductionParameters(.sum, rows: rows, columns: columns, stride: stride).calls(scale: 0.25)
  for parts in 1...4 {
    let result = Buffer(1)
    run(sequence, set, operands: [x], result: result, parts: parts)
    #expect(abs(Double(result[0]) - expected) <= 1e-5 * Double(rows * columns).squareRoot())
  }
}

@Test(arguments: instructionSets)
func correctRowsAreCounted(_ set: InstructionSet) {
  let (rows, columns) = (2500, 7)
  let logits = Buffer.random(rows * columns, seed: 11)
  // Ties go to the first: a whole row of equal numbers is right for target 0 alone.
  for column in 0..<columns { logits.floats[column] = 0.5 }
  let x = logits.spread(rows: rows, columns: columns, stride: 16)
  let target = Buffer(rows)
  var expected = 0
  for row in 0..<rows {
    let label = Int32(row % columns)
    (target.address + row * 4).storeBytes(of: label, as: Int32.self)
    let numbers = (0..<columns).map { logits[row * columns + $0] }
    if numbers.firstIndex(of: numbers.max()!)! == Int(label) { expected += 1 }
  }
  let result = Buffer(1)
  let sequence = RowReductionParameters(.correct, rows: rows, columns: columns, stride: 16).calls(scale: 1)
  run(sequence, set, operands: [x, target], result: result, parts: 3)
  #expect(Int(result[0]) == expected)
}

@Test(arguments: instructionSets)
func binaryDecisionsAreCounted(_ set: InstructionSet) {
  let count = 77
  let x = Buffer.random(count, seed: 2)
  let target = Buffer((0..<count).map { $0 % 3 == 0 ? 1 : 0 })
  let expected = (0..<count).count { (x[$0] > 0) == ($0 % 3 == 0) }
  let result = Buffer(1)
  let sequence = RowReductionParameters(.binaryCorrect, rows: count, columns: 1, stride: 1).calls(scale: 1)
  run(sequence, set, operands: [x, target], result: result)
  #expect(Int(result[0]) == expected)
}

@Test(arguments: instructionSets)
func stridedSumsAgreeWithFloat64(_ set: InstructionSet) throws {
  typealias Loop = StridedCopyParameters.Loop
  // [2, 3, 5, 7] summed over axes 0 and 2.
  let x = Buffer.random(2 * 3 * 5 * 7, seed: 4)
  let parameters = try #require(
    StridedSumParameters(
      kept: [Loop(extent: 3, source: 35, result: 16), Loop(extent: 7, source: 1, result: 1)],
      summed: [Loop(extent: 2, source: 105, result: 0), Loop(extent: 5, source: 7, result: 0)]))
  let result = Buffer(48)
  run(
    KernelSequence([KernelCall(parameters, operands: [.operand(0), .result])]), set, operands: [x], result: result,
    parts: 2)
  for a in 0..<3 {
    for b in 0..<7 {
      var sum = 0.0
      for n in 0..<2 { for k in 0..<5 { sum += Double(x[n * 105 + a * 35 + k * 7 + b]) } }
      #expect(abs(Double(result[a * 16 + b]) - sum) < 1e-5)
    }
  }
}

@Test(arguments: instructionSets, [(40, 3), (16, 9), (70, 5), (33, 1)])
func sumsOfNeighboursDoNotDependOnTheSplit(_ set: InstructionSet, _ shape: (columns: Int, rows: Int)) throws {
  typealias Loop = StridedCopyParameters.Loop
  let (columns, rows) = shape
  // [2, rows, columns] summed over the rows.
  let x = Buffer.random(2 * rows * columns, seed: 9)
  let parameters = try #require(
    StridedSumParameters(
      kept: [
        Loop(extent: 2, source: rows * columns, result: columns), Loop(extent: columns, source: 1, result: 1),
      ], summed: [Loop(extent: rows, source: columns, result: 0)]))
  for parts in 1...4 {
    let result = Buffer(2 * columns)
    run(parameters, set, [x, result], parts: parts)
    for image in 0..<2 {
      for column in 0..<columns {
        let sum = (0..<rows).reduce(0.0) { $0 + Double(x[(image * rows + $1) * columns + column]) }
        #expect(result[image * columns + column] == Float(sum))
      }
    }
  }
}
