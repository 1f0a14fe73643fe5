import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../contract/refusal.ts'
import { ManualClock } from '../lib/clock.ts'
import { Passwords } from './passwords.ts'

const cheap = { cost: 1_024, blockSize: 8, parallelization: 1 }
const options = { passwordHashing: cheap, hashingsMax: 2, hashingsWaitingMax: 3, deadlineMs: 5_000 }

function make(change: Partial<typeof options> = {}, clock = new ManualClock(0)) {
  return new Passwords({ ...options, ...change }, clock)
}

test('a password fits its hash and no other does', async () => {
  const passwords = make()
  const hash = await passwords.hash('pässwörd 密码')
  assert.match(hash, /^scrypt:1024:8:1:[\w-]{22}:[\w-]{43}$/)
  assert.equal(await passwords.verify('pässwörd 密码', hash), true)
  assert.equal(await passwords.verify('pässwörd 密码 ', hash), false)
  assert.equal(await passwords.verify('', hash), false)
})

test('the same password hashes differently each time', async () => {
  const passwords = make()
  assert.notEqual(await passwords.hash('x'), await passwords.hash('x'))
})

test('a hash made at another cost still verifies', async () => {
  const hash = await make().hash('x')
  const dearer = make({ passwordHashing: { cost: 32_768, blockSize: 8, parallelization: 1 } })
  assert.equal(await dearer.verify('x', hash), true)
  assert.equal(await make().verify('y', await dearer.hash('y')), true)
})

test('no password fits where there is no hash', async () => {
  assert.equal(await make().verify('x', null), false)
  assert.equal(await make().verify('x', undefined), false)
})

test('past the queue’s limit a hash is refused as overload, and the others are done', async () => {
  const passwords = make()
  const results = await Promise.allSettled(Array.from({ length: 9 }, () => passwords.hash('x')))
  const refused = results.filter(({ status }) => status === 'rejected')
  assert.equal(refused.length, 9 - options.hashingsMax - options.hashingsWaitingMax)
  for (const { reason } of refused as PromiseRejectedResult[]) {
    assert.ok(reason instanceof Refusal)
    assert.equal(reason.id, 'core_overloaded')
  }
})

test('a hash whose turn comes after the core’s deadline is refused', async () => {
  const clock = new ManualClock(0)
  const passwords = make({ hashingsMax: 1 }, clock)
  const first = passwords.hash('x')
  const second = passwords.hash('x')
  clock.advance(options.deadlineMs + 1)
  assert.equal(typeof (await first), 'string')
  await assert.rejects(second, { id: 'core_deadline_passed' })
})

test('a list longer than the queue is hashed all the same, each password in its place', async () => {
  const passwords = make()
  const list = Array.from({ length: 20 }, (_, index) => `p${index}`)
  const hashes = await passwords.hashAll(list)
  assert.equal(new Set(hashes).size, list.length)
  for (const index of [0, 1, 2, 19]) assert.ok(await passwords.verify(list[index]!, hashes[index]))
  assert.deepEqual(await passwords.hashAll([]), [])
})

test('a list that is not done by the core’s deadline is given up', async () => {
  const clock = new ManualClock(0)
  const passwords = make({}, clock)
  const list = passwords.hashAll(['a', 'b', 'c'])
  clock.advance(options.deadlineMs + 1)
  await assert.rejects(list, { id: 'core_deadline_passed' })
})
