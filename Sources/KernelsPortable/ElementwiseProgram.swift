import KernelContract

/// Runs an `ElementwiseProgram`, see there. Items are runs of `itemFloats` elements.
func elementwiseProgram(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let program = context.parameters.assumingMemoryBound(to: ElementwiseProgram.self)
  let block = ElementwiseProgram.blockFloats
  let scratch = context.scratch.assumingMemoryBound(to: Float.self)
  let count = program.pointee.count
  let operandCount = program.pointee.inputCount + program.pointee.outputCount
  // The start of every register: scratch for temporaries and broadcast inputs, memory for full operands.
  // They stand behind the registers' floats: filling an inline array would take a function of the standard library's that
  // the linker may share between instruction sets.
  let registers = UnsafeMutableRawPointer(scratch + program.pointee.registerCount * block)
    .assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
  for i in 0..<program.pointee.registerCount { registers[i] = scratch + i * block }

  var hasMovingChannels = false
  for i in 0..<program.pointee.inputCount {
    let source = context.operands[i].assumingMemoryBound(to: Float.self)
    switch program.pointee.inputKinds[i] {
    case .full: break
    case .scalar:
      let value = splat(source[0])
      for j in stride(from: 0, to: block, by: lanes) { registers[i].store(value, at: j) }
    case .channel:
      // A period that divides the block shows the same floats to every block.
      if block % program.pointee.period == 0 {
        fillPeriodically(registers[i], from: source, period: program.pointee.period, phase: 0, count: block)
      } else {
        hasMovingChannels = true
      }
    }
  }

  var start = first * ElementwiseProgram.itemFloats
  let limit = min(end * ElementwiseProgram.itemFloats, count)
  while start < limit {
    let length = min(block, limit - start)
    // A last part of a vector goes through scratch, because memory need not reach further.
    let whole = length >= lanes ? length & ~(lanes - 1) : 0
    let size = whole == 0 ? length : whole
    for i in 0..<operandCount where i >= program.pointee.inputCount || program.pointee.inputKinds[i] == .full {
      let memory = context.operands[i].assumingMemoryBound(to: Float.self) + start
      registers[i] = whole == 0 ? scratch + i * block : memory
      if whole == 0 && i < program.pointee.inputCount {
        for j in 0..<length { registers[i][j] = memory[j] }
      }
    }
    if hasMovingChannels {
      for i in 0..<program.pointee.inputCount where program.pointee.inputKinds[i] == .channel {
        fillPeriodically(
          registers[i], from: context.operands[i].assumingMemoryBound(to: Float.self),
          period: program.pointee.period, phase: start % program.pointee.period, count: size)
      }
    }
    for i in 0..<program.pointee.instructionCount {
      let instruction = program.pointee.instructions[i]
      execute(
        instruction, to: registers[Int(instruction.destination)], registers[Int(instruction.first)],
        registers[Int(instruction.second)], registers[Int(instruction.third)], count: size)
    }
    if whole == 0 {
      for i in program.pointee.inputCount..<operandCount {
        let memory = context.operands[i].assumingMemoryBound(to: Float.self) + start
        for j in 0..<length { memory[j] = registers[i][j] }
      }
    }
    start += size
  }
}

/// Writes `source[(phase + j) % period]` for the `count` floats from `destination` on, and up to 15 more.
@inline(never)
private func fillPeriodically(
  _ destination: UnsafeMutablePointer<Float>, from source: UnsafeMutablePointer<Float>, period: Int, phase: Int,
  count: Int
) {
  var position = phase
  if period & (lanes - 1) == 0 && phase & (lanes - 1) == 0 {
    for j in stride(from: 0, to: count, by: lanes) {
      destination.store(source.vector(at: position), at: j)
      position += lanes
      if position == period { position = 0 }
    }
  } else {
    for j in 0..<count {
      destination[j] = source[position]
      position += 1
      if position == period { position = 0 }
    }
  }
}
