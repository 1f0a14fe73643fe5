import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { frameAt, PartialFrame } from './frames.ts'

const bytesMax = 300_000

/** [first bytes, what is found]: MQTT 3.1.1 §2.2.3, table 2.4, and its bounds. */
const rows: readonly (readonly [string, ReturnType<typeof frameAt>])[] = [
  ['', undefined],
  ['c0', undefined],
  ['c000', { start: 0, end: 2 }],
  ['307f', { start: 0, end: 129 }],
  ['3080', undefined],
  ['308001', { start: 0, end: 131 }],
  ['30ff7f', { start: 0, end: 16_386 }],
  ['30808001', { start: 0, end: 16_388 }],
  ['30ffff7f', 'too_large'],
  ['30ffffff7f', 'too_large'],
  ['30ffffffff', 'malformed'],
  ['30ffffffff01', 'malformed'],
  ['30e0a712', { start: 0, end: 300_004 }],
  ['30e1a712', 'too_large'],
]

for (const [hex, expected] of rows)
  test(`the packet that begins ${hex || 'with nothing'} is ${JSON.stringify(expected) ?? 'not known yet'}`, () => {
    assert.deepEqual(frameAt(Buffer.from(hex, 'hex'), 0, bytesMax), expected)
  })

test('packets are found in a stream, whatever pieces it comes in', () => {
  const payload = fc.uint8Array({ maxLength: 40_000 }).map(bytes => Buffer.from(bytes))
  const packet = payload.map(
    (content): Packet => ({
      cmd: 'publish',
      topic: 't',
      payload: content,
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    }),
  )
  fc.assert(
    fc.property(
      fc.array(packet, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 30_000 })),
      (packets, sizes) => {
        const sent = packets.map(each => mqttPacket.generate(each))
        assert.deepEqual(framesOf(piecesOf(Buffer.concat(sent), sizes)), sent)
      },
    ),
    { numRuns: 50 },
  )
})

/** As a connection reads. */
function framesOf(pieces: readonly Buffer[]): Buffer[] {
  const frames: Buffer[] = []
  let partial: PartialFrame | undefined
  for (const piece of pieces) {
    const bytes: Buffer | undefined = partial ? partial.add(piece) : piece
    if (!bytes) continue
    partial = undefined
    for (let at = 0; at < bytes.length; ) {
      const frame = frameAt(bytes, at, bytesMax)
      assert.ok(typeof frame !== 'string')
      if (!frame || frame.end > bytes.length) {
        partial = new PartialFrame(bytes.subarray(at), frame ? frame.end - at : bytes.length - at + 1)
        break
      }
      frames.push(bytes.subarray(at, frame.end))
      at = frame.end
    }
  }
  assert.equal(partial, undefined)
  return frames
}

function piecesOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) break
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  if (at < bytes.length) pieces.push(bytes.subarray(at))
  return pieces
}
