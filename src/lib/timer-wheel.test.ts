import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Timed, TimerWheel } from './timer-wheel.ts'

const tickMs = 10

class Thing implements Timed {
  slot = -1
  readonly dueAt: number[] = []
  readonly #wheel: TimerWheel
  readonly #wishes: number[]

  constructor(wheel: TimerWheel, ...wishes: number[]) {
    this.#wheel = wheel
    this.#wishes = wishes
  }

  due(): number | undefined {
    this.dueAt.push(this.#wheel.now)
    return this.#wishes.shift()
  }
}

function turn(wheel: TimerWheel, ticks: number): void {
  for (let tick = 0; tick < ticks; tick++) wheel.tick()
}

test('a thing is due at the tick it asked for, and again at those it asks for then', () => {
  const wheel = new TimerWheel(tickMs)
  const thing = new Thing(wheel, 1, 7)
  wheel.set(thing, 3)
  turn(wheel, 100)
  assert.deepEqual(thing.dueAt, [3, 4, 11])
})

test('a later wish replaces the earlier, and a thing that is deleted is not due', () => {
  const wheel = new TimerWheel(tickMs)
  const [moved, deleted] = [new Thing(wheel), new Thing(wheel)]
  for (const thing of [moved, deleted]) wheel.set(thing, 3)
  wheel.set(moved, 5)
  wheel.delete(deleted)
  turn(wheel, 100)
  assert.deepEqual([moved.dueAt, deleted.dueAt], [[5], []])
})

test('a thing may delete another that is due at the same tick', () => {
  const wheel = new TimerWheel(tickMs)
  const victim = new Thing(wheel)
  const culprit: Timed = {
    slot: -1,
    due: () => {
      wheel.delete(victim)
      return undefined
    },
  }
  wheel.set(culprit, 1)
  wheel.set(victim, 1)
  turn(wheel, 2_000)
  assert.deepEqual(victim.dueAt, [])
})

test('a wish beyond the wheel is looked at when the wheel has turned', () => {
  const wheel = new TimerWheel(tickMs)
  const thing = new Thing(wheel)
  wheel.set(thing, 5_000)
  turn(wheel, 1_100)
  assert.deepEqual(thing.dueAt, [1_023])
})

test('a time is never over before as many ticks have begun and ended', () => {
  const wheel = new TimerWheel(tickMs)
  assert.deepEqual(
    [0, 1, 10, 11].map(ms => wheel.ticksOf(ms)),
    [1, 2, 2, 3],
  )
})
