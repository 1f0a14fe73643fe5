// The order of pulls, answers and NOTICEs, with the moments of the core's answers in the test's hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../contract/operations/inbox.ts'
import { Refusal } from '../../contract/refusal.ts'
import { Feed, type FeedClient, type Source } from './feed.ts'

class Scene implements Source, FeedClient {
  isClosed = false
  /** What the client was sent: ids of a batch, `end`, `notice`. */
  readonly told: string[] = []
  readonly reads: (readonly [after: number, key: number | undefined])[] = []
  readonly feed = new Feed({ name: 'ann' }, this, this)
  #answers: PromiseWithResolvers<readonly Entry[]>[] = []

  read(after: number, key: number | undefined): Promise<readonly Entry[]> {
    this.reads.push([after, key])
    const answer = Promise.withResolvers<readonly Entry[]>()
    this.#answers.push(answer)
    return answer.promise
  }

  turn(work: () => Promise<void>): Promise<void> {
    return work()
  }

  notice(): void {
    this.told.push('notice')
  }

  batch(_queue: object, entries: readonly Entry[]): number {
    this.told.push(entries.length === 0 ? 'end' : entries.map(({ id }) => id).join(' '))
    return entries.length
  }

  /** The core answers the oldest read that waits. */
  async answer(...ids: number[]): Promise<void> {
    await turn()
    this.#answers.shift()!.resolve(ids.map(id => ({ id, content: { is: 'server_notice', payload: '{}' } })))
    await turn()
  }

  async refuse(): Promise<void> {
    await turn()
    this.#answers.shift()!.reject(new Refusal('sender_no_member'))
    await turn()
  }
}

function turn(): Promise<void> {
  return new Promise(setImmediate)
}

test('what is new in an idle queue is announced once, until the client pulls', () => {
  const scene = new Scene()
  scene.feed.wake()
  scene.feed.wake()
  assert.deepEqual(scene.told, ['notice'])
})

test('what comes while a pull is answered is announced after the answer that ends the queue', async () => {
  const scene = new Scene()
  const pull = scene.feed.pull(undefined)
  await turn()
  scene.feed.wake()
  assert.deepEqual(scene.told, [])
  await scene.answer()
  await pull
  assert.deepEqual(scene.told, ['end', 'notice'])
})

test('what comes between a batch and its acknowledgement is announced only if the next read has missed it', async () => {
  const scene = new Scene()
  void scene.feed.pull(undefined)
  await scene.answer(1, 2)
  scene.feed.wake()
  void scene.feed.pull(2)
  await scene.answer(3)
  void scene.feed.pull(3)
  await scene.answer()
  assert.deepEqual(scene.told, ['1 2', '3', 'end'])
  assert.deepEqual(scene.reads, [
    [0, undefined],
    [2, 2],
    [3, 3],
  ])
})

test('pulls of one queue are answered one after the other, and nothing is sent twice', async () => {
  const scene = new Scene()
  void scene.feed.pull(undefined)
  void scene.feed.pull(undefined)
  await turn()
  assert.equal(scene.reads.length, 1)
  await scene.answer(1, 2)
  assert.deepEqual(scene.reads[1], [2, undefined])
  await scene.answer(3)
  void scene.feed.pull(2)
  await scene.answer()
  assert.deepEqual(scene.reads[2], [3, 2])
  assert.equal(scene.feed.isSpent, false, '3 is not acknowledged yet')
  void scene.feed.pull(3)
  await scene.answer()
  assert.equal(scene.feed.isSpent, true)
  assert.deepEqual(scene.told, ['1 2', '3', 'end', 'end'])
})

test('a queue that cannot be read is ended for the client, who would wait for it and all others', async () => {
  const scene = new Scene()
  const pull = assert.rejects(scene.feed.pull(undefined), Refusal)
  await turn()
  scene.feed.wake()
  await scene.refuse()
  await pull
  assert.deepEqual(scene.told, ['end'])
  scene.feed.wake()
  assert.deepEqual(scene.told, ['end', 'notice'])
})

test('a client that has gone is sent nothing', async () => {
  const scene = new Scene()
  void scene.feed.pull(undefined)
  await turn()
  scene.isClosed = true
  await scene.answer(1)
  assert.deepEqual(scene.told, [])
})
