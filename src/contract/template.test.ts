import assert from 'node:assert/strict'
import { test } from 'node:test'
import { literalLength, matchTemplate, renderTemplate } from './template.ts'

test('a template takes its parameters and gives them back', () => {
  const template = 'user: {username} is not in {group}.'
  const params = { username: 'a$&b', group: '(1)' }
  assert.equal(renderTemplate(template, params), 'user: a$&b is not in (1).')
  assert.deepEqual(matchTemplate(template, 'user: a$&b is not in (1).'), params)
})

test('a parameter that is missing stays visible, and one from the prototype is none', () => {
  assert.equal(renderTemplate('{a} {constructor}', { a: '1' }), '1 {constructor}')
})

test('a value that looks like a parameter is not filled in again', () => {
  assert.equal(renderTemplate('{a}', { a: '{b}', b: 'x' }), '{b}')
})

test('a text stays within 1,024 characters, whatever it is asked to repeat', () => {
  const long = '𝒂'.repeat(5_000)
  const one = renderTemplate('name [{name}] is bad', { name: long })
  assert.match(one, /^name \[(𝒂)+…\] is bad$/u)
  assert.ok(one.length <= 1_024 && one.length > 1_000)
  const two = renderTemplate('{a} and {b}', { a: long, b: 'x'.repeat(5_000) })
  assert.ok(two.length <= 1_024 && two.length > 1_000)
  assert.match(two, /… and x+…$/)
  assert.equal(renderTemplate('{a}!', { a: 'y'.repeat(1_023) }), `${'y'.repeat(1_023)}!`)
})

test('a text that does not fit the fixed letters is no match', () => {
  assert.equal(matchTemplate('size {n}.', 'size 3'), undefined)
  assert.deepEqual(matchTemplate('plain', 'plain'), {})
  assert.equal(matchTemplate('a.c', 'abc'), undefined)
})

test('the fixed letters of a template are counted without its parameters', () => {
  assert.equal(literalLength('a {name} b'), 4)
  assert.equal(literalLength('{reason}'), 0)
})
