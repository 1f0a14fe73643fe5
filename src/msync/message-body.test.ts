import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { messageBodyCodec } from './codec.ts'
import { encodeBody, toPayload } from './message-body.ts'

const frame = { type: 'chat', from: 'ann', to: 'bob' } as const

/** JSON to the wire and back. */
function travel(payload: string): string {
  return toPayload(messageBodyCodec.decode(encodeBody(frame, payload)))
}

const attachment = { filename: 'a.bin', url: 'http://x/y', secret: 's', file_length: 2_147_483_647 }
const bodies: Readonly<Record<string, readonly object[]>> = {
  txt: [
    { type: 'txt', msg: 'hello 名' },
    { type: 'txt', msg: '' },
    {
      type: 'txt',
      msg: 'instead',
      subType: 'sub_combine',
      title: 't',
      summary: 's',
      combineLevel: 1,
      ...attachment,
    },
  ],
  img: [
    { type: 'img', ...attachment, size: { width: 480, height: 720.5 } },
    { type: 'img', ...attachment, subType: 'sub_gif' },
  ],
  video: [{ type: 'video', ...attachment, length: 10, thumb: 'http://x/t', thumb_secret: 'ts' }],
  loc: [{ type: 'loc', lat: 39.906, lng: -116.391, addr: 'here', buildingName: 'b' }],
  audio: [{ type: 'audio', ...attachment, length: 3 }],
  file: [{ type: 'file', ...attachment }],
  cmd: [
    { type: 'cmd', action: 'run' },
    { type: 'cmd', action: 'run', param: { a: '1', b: 2 } },
  ],
  custom: [
    {
      type: 'custom',
      customEvent: 'e',
      customExts: [{ a: '1' }, { b: '2' }],
      'v2:customExts': { a: '1', b: '2' },
    },
  ],
  combine: [{ type: 'combine', msg: 'instead', title: 't', summary: 's', combineLevel: 2, ...attachment }],
}

for (const [type, examples] of Object.entries(bodies))
  test(`a message of type ${type} travels to the wire and back unchanged`, () => {
    for (const body of examples) {
      const payload = { bodies: [body], ext: { a: 1 } }
      assert.deepEqual(JSON.parse(travel(JSON.stringify(payload))), payload)
    }
  })

test('several contents keep their order', () => {
  const payload = { bodies: [bodies.txt![0], bodies.loc![0]], ext: {} }
  assert.deepEqual(JSON.parse(travel(JSON.stringify(payload))), payload)
})

test('content types have the numbers of the wire table', () => {
  const numbers = Object.values(bodies).map(([body]) => {
    const bytes = encodeBody(frame, JSON.stringify({ bodies: [body], ext: {} }))
    return messageBodyCodec.decode(bytes).contents[0]!.type
  })
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test('numbers that vendors write as texts are numbers, and what is none is left out', () => {
  const body = { type: 'loc', lat: '39.5', lng: 'east', addr: null }
  assert.deepEqual(JSON.parse(travel(JSON.stringify({ bodies: [body], ext: {} }))).bodies, [
    { type: 'loc', lat: 39.5 },
  ])
  const file = { type: 'file', url: 'u', file_length: 5_000_000_000 }
  assert.deepEqual(JSON.parse(travel(JSON.stringify({ bodies: [file], ext: {} }))).bodies, [
    { type: 'file', url: 'u' },
  ])
})

test('the older and the newer form of custom members say the same', () => {
  for (const customExts of [{ a: '1', b: '2' }, [{ a: '1' }, { b: '2' }]]) {
    const body = { type: 'custom', customEvent: 'e', customExts }
    const [back] = JSON.parse(travel(JSON.stringify({ bodies: [body], ext: {} }))).bodies
    assert.deepEqual(back['v2:customExts'], { a: '1', b: '2' })
    assert.deepEqual(back.customExts, [{ a: '1' }, { b: '2' }])
  }
})

test('whatever the payload is, there is a body whose first content can be read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), payload => {
      const body = messageBodyCodec.decode(encodeBody(frame, payload))
      assert.ok(body.contents.length > 0)
      JSON.parse(toPayload(body))
    }),
  )
  const anyBody = fc.record(
    {
      type: fc.constantFrom(...Object.keys(bodies), 'unknown'),
      msg: fc.jsonValue(),
      url: fc.jsonValue(),
      size: fc.jsonValue(),
      length: fc.jsonValue(),
      lat: fc.jsonValue(),
      customExts: fc.jsonValue(),
      param: fc.jsonValue(),
      subType: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(anyBody), fc.jsonValue(), (some, ext) => {
      const body = messageBodyCodec.decode(encodeBody(frame, JSON.stringify({ bodies: some, ext })))
      assert.ok(body.contents.length > 0)
      JSON.parse(toPayload(body))
    }),
  )
})

test('any bytes that are a body have a payload that is JSON', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      let body: ReturnType<typeof messageBodyCodec.decode>
      try {
        body = messageBodyCodec.decode(bytes)
      } catch {
        return
      }
      JSON.parse(toPayload(body))
    }),
    { numRuns: 3_000 },
  )
})
