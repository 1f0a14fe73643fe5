import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  frameCodec,
  has,
  MalformedBytes,
  messageBodyCodec,
  metaCodec,
  mucBodyCodec,
  provisionCodec,
  rosterBodyCodec,
  syncDownCodec,
  syncUpCodec,
  toBigInt,
  toDecimal,
  toId,
  unreadCodec,
} from './codec.ts'

const codecs = [
  frameCodec,
  provisionCodec,
  syncUpCodec,
  syncDownCodec,
  unreadCodec,
  metaCodec,
  messageBodyCodec,
  mucBodyCodec,
  rosterBodyCodec,
]

test('any bytes are a message or one kind of error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      for (const codec of codecs)
        try {
          codec.decode(bytes)
        } catch (error) {
          assert.ok(error instanceof MalformedBytes, String(error))
        }
    }),
    { numRuns: 2_000 },
  )
})

test('every truncation of a message is a message or that error', () => {
  const bytes = syncUpCodec.encode({
    meta: {
      id: '18446744073709551615',
      to: { appKey: 'a#b', name: 'bob', domain: 'easemob.com' },
      ns: 1,
      payload: messageBodyCodec.encode({ type: 1, contents: [{ type: 0, text: 'hello' }] }),
    },
  })
  let refused = 0
  for (let length = 0; length < bytes.length; length++)
    try {
      syncUpCodec.decode(bytes.subarray(0, length))
    } catch (error) {
      assert.ok(error instanceof MalformedBytes)
      refused++
    }
  assert.ok(refused > bytes.length / 2)
})

test('nesting without end is refused', () => {
  let bytes = Buffer.from([0x0a, 0x00])
  for (let depth = 0; depth < 200; depth++)
    bytes = Buffer.concat([Buffer.from([0x43]), bytes, Buffer.from([0x44])])
  assert.throws(() => frameCodec.decode(bytes), MalformedBytes)
})

test('64-bit ids keep every bit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), id => {
      const decoded = metaCodec.decode(metaCodec.encode({ id: String(id) }))
      assert.equal(toBigInt(decoded.id), id)
      assert.equal(toDecimal(decoded.id), String(id))
      assert.equal(toId(decoded.id), id <= Number.MAX_SAFE_INTEGER ? Number(id) : undefined)
      assert.deepEqual(metaCodec.encode(decoded), metaCodec.encode({ id: String(id) }))
    }),
  )
})

test('an id of ours may be given as a number', () => {
  const { id } = metaCodec.decode(metaCodec.encode({ id: Number.MAX_SAFE_INTEGER }))
  assert.equal(toDecimal(id), '9007199254740991')
})

test('what was not sent reads as its default, and is told from what was', () => {
  const empty = messageBodyCodec.decode(new Uint8Array(0))
  assert.deepEqual([empty.type, empty.ackContent, empty.from, empty.contents], [0, '', null, []])
  assert.equal(has(empty, 'type'), false)
  assert.equal(has(messageBodyCodec.decode(messageBodyCodec.encode({ type: 0 })), 'type'), true)
  assert.ok(metaCodec.decode(new Uint8Array(0)).payload instanceof Uint8Array)
})

test('frames are the bytes that the wire table says', () => {
  const rows = [
    ['0000', () => syncUpCodec.encode({}), ''],
    ['UNREAD', () => frameCodec.encode({ command: 1 }), '4001'],
    [
      'a queue',
      () => syncUpCodec.encode({ key: 5, queue: { name: 'a' } }),
      '10051a0312 0161'.replace(' ', ''),
    ],
    ['an empty status', () => provisionCodec.encode({ status: {} }), '4200'],
    [
      'a resource',
      () => provisionCodec.encode({ resource: 'r', authToken: 't' }),
      '6a0172920101 74'.replace(' ', ''),
    ],
    ['an edit', () => messageBodyCodec.encode({ editMessageId: 1, editScope: 2 }), '58016002'],
    [
      'members',
      () => mucBodyCodec.encode({ operation: 17, members: ['a'] }),
      '10118201 0161'.replace(' ', ''),
    ],
  ] as const
  for (const [what, encode, hex] of rows) assert.equal(Buffer.from(encode()).toString('hex'), hex, what)
})
