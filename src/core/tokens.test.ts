import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { ManualClock } from '../lib/clock.ts'
import { Tokens } from './tokens.ts'

const clock = new ManualClock(Date.UTC(2026, 0, 1))
const tokens = new Tokens(randomBytes(32), clock)

test('a token has the recorded form and names its owner, issue time and expiry', () => {
  fc.assert(
    fc.property(fc.constantFrom('app', 'user'), fc.integer({ min: 0, max: 2 ** 46 - 1 }), (kind, id) => {
      const token = tokens.issue({ kind, id } as const, 60)
      assert.match(token, /^YWMt[A-Za-z0-9_-]{59}$/)
      const facts = tokens.read(token)
      assert.ok(typeof facts === 'object')
      assert.deepEqual(facts.owner, { kind, id })
      assert.ok(facts.expiresAt - clock.now() >= 60_000)
    }),
  )
})

test('a token with any character changed is corrupt or unknown, never read', () => {
  const token = tokens.issue({ kind: 'user', id: 7 }, 0)
  fc.assert(
    fc.property(fc.nat(62), fc.constantFrom(...'ABCxyz019-_.='), (at, character) => {
      const changed = token.slice(0, at) + character + token.slice(at + 1)
      if (changed !== token) assert.ok(['corrupt', 'unknown'].includes(String(tokens.read(changed))), changed)
    }),
  )
})

test('a token is corrupt when cut, unknown when another deployment signed it, expired when its time has passed', () => {
  // Tokens issued faster than one a microsecond run ahead of the clock: those of the tests before do not count here.
  const tokens = new Tokens(randomBytes(32), clock)
  const token = tokens.issue({ kind: 'app', id: 1 }, 10)
  assert.equal(tokens.read(token.slice(0, -1)), 'corrupt')
  assert.equal(new Tokens(randomBytes(32), clock).read(token), 'unknown')
  assert.equal(typeof tokens.read(token), 'object')
  clock.advance(10_001)
  assert.equal(tokens.read(token), 'expired')
})

test('a token issued in the future is corrupt', () => {
  const secret = randomBytes(32)
  const ahead = new Tokens(secret, new ManualClock(clock.now() + 3_600_000))
  assert.equal(new Tokens(secret, clock).read(ahead.issue({ kind: 'app', id: 1 }, 0)), 'corrupt')
})

test('a revocation mark is later than every token before it and earlier than every token after it', () => {
  const before = tokens.read(tokens.issue({ kind: 'user', id: 1 }, 0))
  const mark = tokens.revocationMark()
  const after = tokens.read(tokens.issue({ kind: 'user', id: 1 }, 0))
  assert.ok(typeof before === 'object' && typeof after === 'object')
  assert.ok(before.issuedAt < mark && mark < after.issuedAt)
})
