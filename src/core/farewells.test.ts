import assert from 'node:assert/strict'
import { test } from 'node:test'
import { easemobLimits } from '../contract/limits.ts'
import { Farewells } from './farewells.ts'

const { farewellsMax } = easemobLimits

test('a command tells so many and no more, a group as a whole or not at all', () => {
  const farewells = new Farewells()
  assert.equal(farewells.take(farewellsMax - 2), true)
  assert.equal(farewells.take(3), false)
  assert.equal(farewells.left, 2)
  assert.equal(farewells.take(2), true)
  assert.equal(farewells.take(1), false)
})

test('a group of any size is told, if it is the first', () => {
  assert.equal(new Farewells().take(easemobLimits.groupUsersMax), true)
})
