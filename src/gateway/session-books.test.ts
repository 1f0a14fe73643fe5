// What the core is told of sessions, in which order, with the moments of its answers in the test's hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Link } from '../link/link.ts'
import { SessionBooks } from './session-books.ts'

interface Live {
  readonly deviceId: number
}

type Answer = readonly number[] | undefined

/** A core that the test lets start, stop listening and answer; and the door's sessions. */
class Scene {
  readonly live: Live[] = []
  /** `ends 1 2`, `lives 1 2` */
  readonly told: string[] = []
  readonly outcomes: string[] = []
  readonly books: SessionBooks<Live, number>
  #start = () => {}
  #answers: ((answer: Answer) => void)[] = []
  #came = Promise.withResolvers<void>()

  constructor() {
    const link: Link = {
      call: () => Promise.reject(new Error('nothing is asked of it here')),
      onWake: () => {},
      onCoreStart: listener => {
        this.#start = listener
      },
    }
    this.books = new SessionBooks<Live, number>({
      link,
      batchMax: 2,
      retryMs: 1,
      sessions: () => this.live,
      tellEnds: async ends => (await this.#tell(`ends ${ends.join(' ')}`)) !== undefined,
      tellLives: sessions => this.#tell(`lives ${sessions.map(({ deviceId }) => deviceId).join(' ')}`),
      onLost: ({ deviceId }) => this.outcomes.push(`lost ${deviceId}`),
      onConfirmed: ({ deviceId }) => this.outcomes.push(`confirmed ${deviceId}`),
    })
  }

  startCore(): void {
    this.#start()
  }

  /** The core answers what it was told with the number `number`, counted from 1. */
  async answer(number: number, answer: Answer): Promise<void> {
    while (this.told.length < number) await this.#came.promise
    this.#answers.shift()!(answer)
    await new Promise(setImmediate)
  }

  #tell(what: string): Promise<Answer> {
    this.told.push(what)
    const answer = Promise.withResolvers<Answer>()
    this.#answers.push(answer.resolve)
    this.#came.resolve()
    this.#came = Promise.withResolvers()
    return answer.promise
  }
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise(resolve => setImmediate(resolve, 'later'))
  return (await Promise.race([promise, later])) === 'later'
}

test('a core that comes back hears of ends first, then of what lives, some at a time; new sessions wait for it', async () => {
  const scene = new Scene()
  scene.live.push({ deviceId: 1 }, { deviceId: 2 }, { deviceId: 3 })
  scene.books.addEnd(9)
  scene.startCore()
  const confirmed = scene.books.confirmed()
  await scene.answer(1, [])
  await scene.answer(2, [2])
  assert.equal(await isPending(confirmed), true)
  await scene.answer(3, [])
  await confirmed
  assert.deepEqual(scene.told, ['ends 9', 'lives 1 2', 'lives 3'])
  assert.deepEqual(scene.outcomes, ['confirmed 1', 'lost 2', 'confirmed 3'])
})

test('what the core did not take is told again, from the ends on, and keeps nobody waiting', async () => {
  const scene = new Scene()
  scene.live.push({ deviceId: 1 })
  scene.startCore()
  const confirmed = scene.books.confirmed()
  await scene.answer(1, undefined)
  await confirmed
  await scene.answer(2, [])
  assert.deepEqual(scene.told, ['lives 1', 'lives 1'])
  assert.deepEqual(scene.outcomes, ['confirmed 1'])
})

test('a session that ends while it is being confirmed is told to have ended afterwards', async () => {
  const scene = new Scene()
  scene.live.push({ deviceId: 1 })
  scene.startCore()
  await new Promise(setImmediate)
  scene.live.pop()
  scene.books.addEnd(1)
  const told = scene.books.endsTold()
  await scene.answer(1, [])
  await scene.answer(2, [])
  assert.equal(await told, true)
  assert.deepEqual(scene.told, ['lives 1', 'ends 1'])
})

test('a core that goes while it is being told is told everything when it is back, and new sessions wait for that', async () => {
  const scene = new Scene()
  scene.live.push({ deviceId: 1 })
  scene.startCore()
  await new Promise(setImmediate)
  scene.startCore()
  await scene.answer(1, undefined)
  const confirmed = scene.books.confirmed()
  assert.equal(await isPending(confirmed), true)
  await scene.answer(2, [])
  await confirmed
  assert.deepEqual(scene.told, ['lives 1', 'lives 1'])
})

test('names are given out once', () => {
  const scenes = [new Scene(), new Scene()]
  const names = scenes.flatMap(({ books }) => [books.nextName(), books.nextName()])
  assert.equal(new Set(names).size, 4)
})
