import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lanes } from './lanes.ts'

test('work in one lane keeps its order, whatever it takes, and other lanes do not wait for it', async () => {
  const lanes = new Lanes()
  const gate = Promise.withResolvers<void>()
  const done: string[] = []
  const first = lanes.run('a', () => gate.promise.then(() => done.push('a1')))
  const second = lanes.run('a', async () => done.push('a2'))
  await lanes.run('b', async () => done.push('b1'))
  assert.deepEqual(done, ['b1'])
  gate.resolve()
  await Promise.all([first, second])
  assert.deepEqual(done, ['b1', 'a1', 'a2'])
})

test('work that fails does not stop the lane, and an empty lane is forgotten', async () => {
  const lanes = new Lanes()
  const failing = lanes.run('a', () => Promise.reject(new Error('no')))
  const next = lanes.run('a', async () => 7)
  await assert.rejects(failing, /no/)
  assert.equal(await next, 7)
  await new Promise(setImmediate)
  assert.equal(lanes.size, 0)
})
