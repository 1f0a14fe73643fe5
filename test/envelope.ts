// What every answer owes its caller, whatever it says (contract.md §6.3, INV-01 … INV-14).
import assert from 'node:assert/strict'
import type { Dialect } from '../src/contract/failure.ts'
import type { Received } from './http-client.ts'

/** Status and the name of the failure: `error`, `error.code` or `error.id`. */
export type Wanted = readonly [status: number, name: string | number]

const clockSkewMs = 300_000
const messageCharsMax = 1_024
/** Signs of a stack, a path, a query or another insides of the server. */
const leaks = /\n\s+at \w+ \(|node:internal|\/src\/|\.ts:\d|SQLITE|SELECT |\[object |undefined/

/** Asserts that `answer` is this failure of the dialect, well-formed in every way. */
export function assertFailure(
  answer: Received,
  dialect: Dialect,
  [status, name]: Wanted,
  what: string,
): void {
  assert.equal(`${answer.status} ${nameIn(answer.text, dialect)}`, `${status} ${name}`, what)
  assertWellFormed(answer, dialect, what)
}

function assertWellFormed(answer: Received, dialect: Dialect, what: string): void {
  const { status, headers, text } = answer
  assert.match(headers['content-type'] ?? '', /^application\/json(; charset=utf-8)?$/, what)
  assert.match(String(headers['x-request-id']), /^[\w-]{8,}$/, what)
  assert.equal(Number(headers['content-length']), Buffer.byteLength(text), what)
  assert.notEqual(status, 200, what)
  if (status === 401) assert.ok(headers['www-authenticate'], what)
  if (status === 405) assert.ok(headers.allow, what)
  if (status === 429 || status === 503) assert.match(String(headers['retry-after']), /^[1-9]\d*$/, what)
  if (status === 408 || status === 413) assert.equal(headers.location, undefined, what)
  assert.doesNotMatch(text, leaks, what)
  shapes[dialect](answer, what)
}

function nameIn(text: string, dialect: Dialect): unknown {
  const { error } = JSON.parse(text)
  if (dialect === 'easemob') return error
  return dialect === 'jpush' ? error.code : error.id
}

const shapes: Readonly<Record<Dialect, (answer: Received, what: string) => void>> = {
  easemob({ json, headers }, what) {
    assert.equal(typeof json.error, 'string', what)
    assertMessage(json.error_description, what)
    assert.equal(headers['access-control-allow-origin'] !== undefined, true, what)
    if (Object.keys(json).length === 2) return
    assert.ok(Math.abs(json.timestamp - Date.now()) < clockSkewMs, what)
    assert.ok(Number.isInteger(json.duration) && json.duration >= 0, what)
  },
  jpush({ json }, what) {
    assert.deepEqual(
      Object.keys(json).filter(name => name !== 'msg_id'),
      ['error'],
      what,
    )
    assert.ok(Number.isInteger(json.error.code), what)
    assertMessage(json.error.message, what)
  },
  neutral({ json, headers }, what) {
    assert.deepEqual(Object.keys(json), ['error', 'request_id'], what)
    assertMessage(json.error.message, what)
    assert.equal(json.request_id, headers['x-request-id'], what)
  },
}

function assertMessage(message: unknown, what: string): void {
  assert.ok(typeof message === 'string' && message !== '' && message.length <= messageCharsMax, what)
}
