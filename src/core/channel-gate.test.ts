import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../lib/clock.ts'
import { ChannelGate } from './channel-gate.ts'

const limits = { failuresMax: 3, restMs: 1_000, restMsMax: 3_000 }

function makeGate() {
  const clock = new ManualClock(1_000_000)
  return { clock, gate: new ChannelGate(clock, limits) }
}

test('so many failures in a row close it; one success in between starts the count anew', () => {
  const { gate } = makeGate()
  for (let count = 0; count < 2; count++) gate.failed('a')
  gate.succeeded('a')
  for (let count = 0; count < 2; count++) gate.failed('a')
  assert.equal(gate.room('a'), Infinity)
  gate.failed('a')
  assert.deepEqual([gate.room('a'), gate.room('b'), gate.restOf('a')], [0, Infinity, 1_000])
})

test('after a rest one attempt goes; each that fails makes the next rest longer, up to a limit', () => {
  const { clock, gate } = makeGate()
  for (let count = 0; count < 3; count++) gate.failed('a')
  for (const restMs of [1_000, 2_000, 3_000, 3_000]) {
    assert.equal(gate.restOf('a'), restMs)
    // What was sent before it closed says nothing new.
    gate.failed('a')
    assert.equal(gate.restOf('a'), restMs)
    clock.advance(restMs)
    assert.equal(gate.room('a'), 1)
    gate.begin('a')
    assert.equal(gate.room('a'), 0)
    gate.failed('a')
  }
  clock.advance(3_000)
  gate.begin('a')
  gate.succeeded('a')
  assert.equal(gate.room('a'), Infinity)
})

test('a pause that is asked for is kept, a longer one wins, and mending ends it', () => {
  const { clock, gate } = makeGate()
  gate.pause('a', 500)
  gate.pause('a', 100)
  assert.equal(gate.room('a'), 0)
  clock.advance(499)
  assert.equal(gate.room('a'), 0)
  clock.advance(1)
  assert.equal(gate.room('a'), Infinity)
  gate.pause('a', 500)
  gate.open('a')
  assert.equal(gate.room('a'), Infinity)
})
