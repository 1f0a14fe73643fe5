import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from './turns.ts'

test('at most max works run at once, in the order they came, and every one runs', async () => {
  const turns = new Turns(3)
  const order: number[] = []
  let running = 0
  let most = 0
  const works = Array.from({ length: 20 }, (_, index) =>
    turns.run(async () => {
      order.push(index)
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
      return index
    }),
  )
  assert.equal(turns.queue, 17)
  assert.deepEqual(
    await Promise.all(works),
    works.map((_, index) => index),
  )
  assert.deepEqual(
    order,
    works.map((_, index) => index),
  )
  assert.equal(most, 3)
  assert.equal(turns.queue, 0)
})

test('a work that fails gives its turn on', async () => {
  const turns = new Turns(1)
  const failed = turns.run(() => Promise.reject(new Error('no')))
  const next = turns.run(async () => 'done')
  await assert.rejects(failed, /no/)
  assert.equal(await next, 'done')
})
