import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Batcher } from './batcher.ts'

/** A receiving end that the test lets answer. */
class End {
  readonly batches: (readonly number[])[] = []
  readonly #answers: ((isTaken: boolean) => void)[] = []
  #came: (() => void) | undefined

  readonly send = (items: readonly number[]): Promise<boolean> => {
    this.batches.push(items)
    this.#came?.()
    return new Promise(resolve => this.#answers.push(resolve))
  }

  async batch(number: number): Promise<readonly number[]> {
    while (this.batches.length < number)
      await new Promise<void>(resolve => {
        this.#came = resolve
      })
    return this.batches[number - 1]!
  }

  answer(isTaken: boolean): void {
    this.#answers.shift()!(isTaken)
  }
}

test('one batch is on its way at a time; what comes meanwhile goes with the next, in order', async () => {
  const end = new End()
  const batcher = new Batcher({ max: 3, retryMs: 1, send: end.send })
  for (const item of [1, 2]) batcher.add(item)
  assert.deepEqual(await end.batch(1), [1, 2])
  for (const item of [3, 4, 5, 6]) batcher.add(item)
  end.answer(true)
  assert.deepEqual(await end.batch(2), [3, 4, 5])
  end.answer(true)
  assert.deepEqual(await end.batch(3), [6])
})

test('what failed goes again, before what came after it', async () => {
  const end = new End()
  const batcher = new Batcher({ max: 2, retryMs: 1, send: end.send })
  batcher.add(1)
  await end.batch(1)
  batcher.add(2)
  end.answer(false)
  assert.deepEqual(await end.batch(2), [1, 2])
})

test('settled says when all that was added is taken, and at once that it is not', async () => {
  const end = new End()
  const batcher = new Batcher({ max: 1, retryMs: 1, send: end.send })
  assert.equal(await batcher.settled(), true)
  batcher.add(1)
  const first = batcher.settled()
  batcher.add(2)
  const both = batcher.settled()
  await end.batch(1)
  end.answer(true)
  assert.equal(await first, true)
  await end.batch(2)
  end.answer(false)
  assert.equal(await both, false)
  const again = batcher.settled()
  await end.batch(3)
  end.answer(true)
  assert.equal(await again, true)
})
