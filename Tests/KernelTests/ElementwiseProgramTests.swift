import KernelContract
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ElementwiseProgramTests {
  /// Every opcode's definition in float64. `a`, `b`, `c`: sources; `m`, `k`: immediates.
  static func reference(_ opcode: ElementwiseOpcode, _ a: Double, _ b: Double, _ c: Double, _ m: Double, _ k: Double)
    -> Double
  {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    func tangent(_ x: Double) -> Double { tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)) }
    func phi(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }
    switch opcode {
    case .constant: return m
    case .copy: return a
    case .negate: return -a
    case .absolute: return abs(a)
    case .square: return a * a
    case .squareRoot: return a.squareRoot()
    case .reciprocal: return 1 / a
    case .exponential: return exp(a)
    case .logarithm: return log(a)
    case .sign: return a > 0 ? 1 : a < 0 ? -1 : 0
    case .relu: return a.isNaN ? a : max(a, 0)
    case .leakyReLU: return a > 0 ? a : a * m
    case .sigmoid: return sigmoid(a)
    case .tanh: return tanh(a)
    case .softplus: return log1p(exp(a))
    case .gelu: return a * phi(a)
    case .geluTanh: return 0.5 * a * (1 + tangent(a))
    case .silu: return a * sigmoid(a)
    case .addImmediate: return a + m
    case .multiplyImmediate: return a * m
    case .multiplyAddImmediate: return a * m + k
    case .clip: return a.isNaN ? a : min(max(a, m), k)
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .maximum: return a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: return a.isNaN || b.isNaN ? .nan : min(a, b)
    case .addReLU: return (a + b).isNaN ? .nan : max(a + b, 0)
    case .reluGradient: return b > 0 ? a : 0
    case .leakyReLUGradient: return b > 0 ? a : a * m
    case .sigmoidGradient: return a * b * (1 - b)
    case .tanhGradient: return a * (1 - b * b)
    case .softplusGradient: return a * sigmoid(b)
    case .geluGradient: return a * (phi(b) + b * exp(-b * b / 2) / (2 * Double.pi).squareRoot())
    case .geluTanhGradient:
      let t = tangent(b)
      let inner = (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * b * b)
      return a * (0.5 * (1 + t) + 0.5 * b * (1 - t * t) * inner)
    case .siluGradient: return a * (sigmoid(b) + b * sigmoid(b) * (1 - sigmoid(b)))
    case .binaryCrossEntropyWithLogits: return -(b * log(sigmoid(a)) + (1 - b) * log(1 - sigmoid(a)))
    case .greater: return a > b ? 1 : 0
    case .greaterOrEqual: return a >= b ? 1 : 0
    case .less: return a < b ? 1 : 0
    case .lessOrEqual: return a <= b ? 1 : 0
    case .equal: return a == b ? 1 : 0
    case .notEqual: return a != b ? 1 : 0
    case .select: return a != 0 ? b : c
    case .multiplyAdd: return a * b + c
    }
  }

  @Test(arguments: ElementwiseOpcode.allCases) func everyOpcodeAgreesWithItsDefinition(_ opcode: ElementwiseOpcode)
    throws
  {
    var numbers = TestNumbers(UInt64(opcode.rawValue))
    for count in [1, 15, 16, 37, 512, 1000, 8192 + 512 + 21] {
      let isRoot = opcode == .squareRoot || opcode == .logarithm
      let a = numbers.floats(count, isRoot ? 0.01...9 : -5...5).enumerated().map {
        $0.offset % 13 == 5 ? 1 : $0.element
      }
      let b = numbers.floats(count, -5...5).enumerated().map { $0.offset % 11 == 5 ? 1 : $0.element }
      let c = numbers.floats(count, -5...5)
      let inputs = [a, b, c].prefix(max(1, opcode.sourceCount))
      let program = try #require(
        ElementwiseProgram(
          count: count, inputs: inputs.map { _ in .full },
          instructions: [.init(opcode, UInt8(inputs.count), 0, 1, 2, immediate: -0.25, secondImmediate: 1.5)]))
      let operands = inputs.indices.map { CallOperand.operand($0) } + [.result]
      for table in tables {
        let y = runSplit(
          KernelSequence([KernelCall(program, operands: operands)]), on: table, inputs.map { TestBuffer($0) },
          count: count)
        for i in 0..<count {
          let expected = Self.reference(opcode, Double(a[i]), Double(b[i]), Double(c[i]), -0.25, 1.5)
          expectClose(y[i], expected, tolerance: 2e-6, "\(opcode)(\(a[i]), \(b[i]), \(c[i]))")
        }
      }
    }
  }

  @Test func notANumberGoesThroughActivationsAndExtrema() throws {
    for opcode in [
      ElementwiseOpcode.relu, .leakyReLU, .sigmoid, .tanh, .exponential, .logarithm, .gelu, .geluTanh, .silu, .softplus,
      .clip,
      .addReLU, .maximum, .minimum,
    ] {
      let binary = opcode.sourceCount == 2
      for swapped in binary ? [false, true] : [false] {
        let program = try #require(
          ElementwiseProgram(
            count: 3, inputs: binary ? [.full, .full] : [.full],
            instructions: [
              .init(opcode, binary ? 2 : 1, swapped ? 1 : 0, swapped ? 0 : 1, immediate: -1, secondImmediate: 1)
            ]))
        for table in tables {
          let y = TestBuffer(count: 3)
          let x = TestBuffer([1, .nan, 2])
          run(program, on: table, binary ? [x, TestBuffer([0.5, 0.5, 0.5]), y] : [x, y])
          #expect(!y[0].isNaN && y[1].isNaN && !y[2].isNaN, "\(opcode)")
        }
      }
    }
  }

  @Test(arguments: [(1, 7), (3, 50), (5, 64), (16, 33), (20, 77), (48, 300), (64, 40)])
  func broadcastInputsRepeat(_ period: Int, _ rows: Int) throws {
    // y = relu(x * scale[channel] + shift[channel]) * s, and the sum before as a second output.
    var numbers = TestNumbers(7)
    let count = rows * period
    let x = numbers.floats(count)
    let (scale, shift) = (numbers.floats(padded(period)), numbers.floats(padded(period)))
    let program = try #require(
      ElementwiseProgram(
        count: count, period: period, inputs: [.full, .channel, .channel, .scalar], outputs: 2,
        instructions: [
          .init(.multiplyAdd, 5, 0, 1, 2), .init(.relu, 6, 5), .init(.multiply, 4, 6, 3),
        ]))
    for table in tables {
      for parts in 1...3 {
        let y = TestBuffer(count: count)
        let sum = TestBuffer(count: count)
        run(program, on: table, [x, scale, shift, [0.5]].map { TestBuffer($0) } + [y, sum], parts: parts)
        for i in 0..<count {
          let value = Double(x[i]) * Double(scale[i % period]) + Double(shift[i % period])
          expectClose(sum[i], value)
          expectClose(y[i], max(value, 0) * 0.5)
        }
      }
    }
  }

  @Test func memoryMayBeSharedOnlyBehindTheLastReading() throws {
    let program = try #require(
      ElementwiseProgram(
        count: 8, inputs: [.full, .full, .scalar], outputs: 2,
        instructions: [.init(.add, 3, 0, 2), .init(.multiply, 4, 1, 3)]))
    #expect(program.mayShareMemory(output: 0, input: 0))
    #expect(!program.mayShareMemory(output: 0, input: 1))
    #expect(program.mayShareMemory(output: 1, input: 1))
    #expect(!program.mayShareMemory(output: 0, input: 2))
  }

  @Test func programsThatReadWhatNobodyWroteAreRefused() {
    #expect(ElementwiseProgram(count: 8, inputs: [.full], instructions: [.init(.add, 1, 0, 2)]) == nil)
    #expect(ElementwiseProgram(count: 8, inputs: [.full], instructions: [.init(.copy, 0, 0)]) == nil)
    #expect(ElementwiseProgram(count: 8, inputs: [.full], instructions: [.init(.copy, 2, 0)]) == nil)
    #expect(ElementwiseProgram(count: 8, inputs: [.full], instructions: [.init(.copy, 40, 0)]) == nil)
  }

  /// Errors in units in the last place over a dense sample of floats.
  @Test(
    arguments: [
      (ElementwiseOpcode.exponential, -86.9...88.7), (.logarithm, 1.2e-38...3e38), (.tanh, -12...12),
      (.sigmoid, -80...80),
      (.sigmoid, -1e-3...1e-3), (.tanh, -1e-3...1e-3), (.logarithm, 0.9...1.1), (.exponential, -1e-3...1e-3),
    ] as [(ElementwiseOpcode, ClosedRange<Double>)])
  func transcendentalFunctionsAreAccurate(_ opcode: ElementwiseOpcode, _ range: ClosedRange<Double>) throws {
    let count = 1 << 18
    let program = try #require(ElementwiseProgram(count: count, inputs: [.full], instructions: [.init(opcode, 1, 0)]))
    var numbers = TestNumbers(3)
    let isWide = opcode == .logarithm && range.upperBound > 100
    let x = (0..<count).map { _ in
      isWide
        ? Float(exp(Double.random(in: log(range.lowerBound)...log(range.upperBound), using: &numbers)))
        : Float(Double.random(in: range, using: &numbers))
    }
    for table in tables {
      let y = TestBuffer(count: count)
      run(program, on: table, [TestBuffer(x), y])
      var worst = 0.0
      for i in 0..<count {
        let expected = Self.reference(opcode, Double(x[i]), 0, 0, 0, 0)
        let unit = Double(max(Float(abs(expected)), Float.leastNormalMagnitude).ulp)
        worst = max(worst, abs(Double(y.floats[i]) - expected) / unit)
      }
      #expect(worst <= 4, "\(opcode) is off by \(worst) units in the last place")
    }
  }

  @Test func transcendentalFunctionsReachTheirLimits() throws {
    let cases: [(ElementwiseOpcode, Float, Float)] = [
      (.exponential, -200, 0), (.exponential, -.infinity, 0), (.exponential, 89, .infinity),
      (.exponential, .infinity, .infinity),
      (.logarithm, 0, -.infinity), (.logarithm, .infinity, .infinity), (.tanh, 50, 1), (.tanh, -.infinity, -1),
      (.sigmoid, 200, 1), (.sigmoid, -.infinity, 0), (.gelu, 20, 20), (.gelu, -20, 0), (.softplus, 100, 100),
    ]
    for (opcode, argument, expected) in cases {
      let program = try #require(ElementwiseProgram(count: 1, inputs: [.full], instructions: [.init(opcode, 1, 0)]))
      for table in tables {
        let y = TestBuffer(count: 1)
        run(program, on: table, [TestBuffer([argument]), y])
        #expect(
          abs(y[0] - expected) < 1e-30 || y[0] == expected, "\(opcode)(\(argument)) = \(y[0])")
      }
    }
  }
}
