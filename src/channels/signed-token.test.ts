import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../lib/clock.ts'
import { SignedToken } from './signed-token.ts'

const minute = 60_000

function stage() {
  const clock = new ManualClock(1_800_000_000_500)
  const signing = {
    sign: async (at: number) => `signed at ${at}`,
    renewMs: 40 * minute,
    youngestMs: 20 * minute,
  }
  const source = new SignedToken(signing, () => clock.now())
  return { clock, source, get: async () => (await source.get()).token }
}

test('a token is signed once, by however many wait, until it is to be renewed', async () => {
  const { clock, get } = stage()
  const tokens = await Promise.all(Array.from({ length: 20 }, get))
  assert.deepEqual([...new Set(tokens)], ['signed at 1800000000'])
  clock.advance(40 * minute - 1)
  assert.equal(await get(), 'signed at 1800000000')
  clock.advance(1)
  assert.equal(await get(), 'signed at 1800002400')
})

test('a token that is not taken is replaced once, unless it is too young to be', async () => {
  const { clock, source, get } = stage()
  const first = await get()
  assert.equal(source.drop(first), false)
  assert.equal(await get(), first)
  clock.advance(20 * minute)
  assert.equal(source.drop(first), true)
  // Who comes late with the first one does not end the second, while it is signed or after.
  const signing = get()
  assert.equal(source.drop(first), true)
  const second = await signing
  assert.notEqual(second, first)
  assert.equal(source.drop(first), true)
  assert.equal(await get(), second)
})

test('a clock that is set back makes a new token: the old one would be from the future', async () => {
  const { clock, get } = stage()
  await get()
  clock.advance(-60 * minute)
  assert.equal(await get(), 'signed at 1799996400')
})
