import Foundation
import Testing

@testable import Reports

/// Event files against the formats that TensorFlow publishes, read by a reader of the tests' own.
@Suite struct EventRecordTests {
  /// The check value of the Castagnoli polynomial, and two vectors of RFC 3720, appendix B.4.
  @Test func checksumsAreThoseOfTheStandard() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(0..<32) == 0x46DD_794E)
  }

  @Test func aRecordIsLengthMessageAndChecksums() throws {
    let record = EventRecord.scalars([("loss", 0.625), ("val/accuracy", 0.5)], step: 300, time: 1_234.5).bytes
    let length = record[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(record.count == 8 + 4 + length + 4)
    let message = Array(record[12..<(12 + length)])
    for (bytes, place) in [(Array(record[0..<8]), 8), (message, 12 + length)] {
      let stored = record[place..<(place + 4)].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
      let turned = stored &- 0xA282_EAD8
      #expect((turned << 15 | turned >> 17) == CRC32C.checksum(bytes))
    }
    let event = try Message(message)
    #expect(event.fixed[1] == 1_234.5.bitPattern)
    #expect(event.numbers[2] == 300)
    let summaries = try #require(event.parts[5]).map { try Message($0) }
    let values = try summaries.flatMap { try ($0.parts[1] ?? []).map { try Message($0) } }
    #expect(values.map { $0.parts[1].map { String(decoding: $0[0], as: UTF8.self) } } == ["loss", "val/accuracy"])
    #expect(values.map { $0.fixed[2] } == [UInt64(Float(0.625).bitPattern), UInt64(Float(0.5).bitPattern)])
  }

  @Test func aRestartIsAStartOfASession() throws {
    let event = try Message(Array(EventRecord.restart(step: 7, time: 1).bytes.dropFirst(12).dropLast(4)))
    #expect(event.numbers[2] == 7)
    // SessionLog.status is START.
    #expect(try event.parts[7].map { try Message($0[0]).numbers } == [1: 1])
  }

  @Test func theFirstRecordNamesTheVersion() throws {
    let event = try Message(Array(EventRecord.header(time: 1).bytes.dropFirst(12).dropLast(4)))
    #expect(event.parts[3] == [Array("brain.Event:2".utf8)])
  }

  /// A message of protocol buffers, by the numbers of its fields.
  private struct Message {
    var numbers: [Int: UInt64] = [:]
    var fixed: [Int: UInt64] = [:]
    var parts: [Int: [[UInt8]]] = [:]

    init(_ bytes: [UInt8]) throws {
      var rest = bytes[...]
      func variable() throws -> UInt64 {
        var (value, shift) = (0 as UInt64, 0 as UInt64)
        while true {
          let next = rest.popFirst()
          let byte = try #require(next)
          value |= UInt64(byte & 0x7F) << shift
          if byte < 0x80 { return value }
          shift += 7
        }
      }
      while !rest.isEmpty {
        let key = try variable()
        let field = Int(key >> 3)
        switch key & 7 {
        case 0: numbers[field] = try variable()
        case 1, 5:
          let size = key & 7 == 1 ? 8 : 4
          fixed[field] = rest.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
          rest = rest.dropFirst(size)
        default:
          let size = Int(try variable())
          parts[field, default: []].append(Array(rest.prefix(size)))
          rest = rest.dropFirst(size)
        }
      }
    }
  }
}
