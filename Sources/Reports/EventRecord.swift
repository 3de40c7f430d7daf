/// What happened at a moment of a run, as TensorBoard reads it: one `tensorflow.Event` of `event.proto`.
package struct EventRecord: Sendable {
  private enum Content: Sendable {
    case version
    case restart
    case scalars([(tag: String, value: Double)])
  }

  /// Seconds since 1970.
  private let time: Double
  private let step: Int
  private let content: Content

  private init(time: Double, step: Int, _ content: Content) {
    self.time = time
    self.step = step
    self.content = content
  }

  /// The first record of a file.
  package static func header(time: Double) -> EventRecord { EventRecord(time: time, step: 0, .version) }

  /// The first record behind the header of a file of a run that goes on with `step`: TensorBoard forgets what earlier files have of it
  /// and of later steps.
  package static func restart(step: Int, time: Double) -> EventRecord {
    EventRecord(time: time, step: step, .restart)
  }

  /// Values by their tags, such as `loss` and `val/accuracy`.
  package static func scalars(_ values: [(tag: String, value: Double)], step: Int, time: Double) -> EventRecord {
    EventRecord(time: time, step: step, .scalars(values))
  }

  /// The record of a file: the length of the message, its checksum, the message, its checksum
  /// (`tensorflow/core/lib/io/record_writer.h`), all little-endian.
  package var bytes: [UInt8] {
    let message = message
    let length = ProtocolMessage.littleEndian(UInt64(message.count))
    return length + ProtocolMessage.littleEndian(CRC32C.masked(length)) + message
      + ProtocolMessage.littleEndian(CRC32C.masked(message))
  }

  private var message: [UInt8] {
    // Event: wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7. SessionLog: status = 1, START = 1. Summary: value = 1. Value: tag = 1, simple_value = 2.
    var event = ProtocolMessage()
    event.add(1, double: time)
    if step != 0 { event.add(2, integer: UInt64(step)) }
    switch content {
    case .version: event.add(3, text: "brain.Event:2")
    case .restart:
      var log = ProtocolMessage()
      log.add(1, integer: 1)
      event.add(7, bytes: log.bytes)
    case .scalars(let scalars):
      var summary = ProtocolMessage()
      for scalar in scalars {
        var value = ProtocolMessage()
        value.add(1, text: scalar.tag)
        value.add(2, float: Float(scalar.value))
        summary.add(1, bytes: value.bytes)
      }
      event.add(5, bytes: summary.bytes)
    }
    return event.bytes
  }
}

/// A message in the wire format of protocol buffers.
private struct ProtocolMessage {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: Int, integer: UInt64) {
    key(field, type: 0)
    variable(integer)
  }

  mutating func add(_ field: Int, double: Double) {
    key(field, type: 1)
    bytes += Self.littleEndian(double.bitPattern)
  }

  mutating func add(_ field: Int, bytes content: [UInt8]) {
    key(field, type: 2)
    variable(UInt64(content.count))
    bytes += content
  }

  mutating func add(_ field: Int, text: String) { add(field, bytes: Array(text.utf8)) }

  mutating func add(_ field: Int, float: Float) {
    key(field, type: 5)
    bytes += Self.littleEndian(float.bitPattern)
  }

  private mutating func key(_ field: Int, type: Int) { variable(UInt64(field << 3 | type)) }

  /// Seven bits a byte, the lowest first.
  private mutating func variable(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
