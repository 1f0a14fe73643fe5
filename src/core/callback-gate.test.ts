import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { ManualClock } from '../lib/clock.ts'
import { CallbackGate } from './callback-gate.ts'

const limits = { askedMax: 2, awaitedMax: 3, failuresMax: 3, failuresWithinMs: 1_000, restMs: 60_000 }

async function listen(t: TestContext, status: () => number) {
  let count = 0
  const server: Server = createServer((_request, response) => {
    count++
    response.writeHead(status()).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { count: () => count, request: { url, body: '{}', timeoutMs: 2_000, answerBytesMax: 100 } }
}

test('a rule rests after too many failures in a short time, and only that rule', async t => {
  let status = 500
  const { count, request } = await listen(t, () => status)
  const clock = new ManualClock(0)
  const gate = new CallbackGate(clock, limits)
  for (let at = 0; at < 10; at++) await gate.ask('one', request)
  assert.equal(count(), limits.failuresMax)
  assert.equal(gate.isClosed('one'), true)
  await gate.ask('other', request)
  assert.equal(count(), limits.failuresMax + 1)
  clock.advance(limits.restMs)
  status = 200
  assert.equal((await gate.ask('one', request))?.status, 200)
})

test('failures that are far apart, or broken by a success, let no rule rest', async t => {
  let status = 500
  const { request } = await listen(t, () => status)
  const clock = new ManualClock(0)
  const gate = new CallbackGate(clock, limits)
  for (let at = 0; at < 10; at++) {
    await gate.ask('slow', request)
    clock.advance(limits.failuresWithinMs)
  }
  assert.equal(gate.isClosed('slow'), false)
  for (let at = 0; at < 10; at++) {
    status = at % 2 === 0 ? 500 : 200
    await gate.ask('moody', request)
  }
  assert.equal(gate.isClosed('moody'), false)
})

test('no more are asked at once than may be; the others go without an answer', async t => {
  const { count, request } = await listen(t, () => 200)
  const gate = new CallbackGate(new ManualClock(0), limits)
  const answers = await Promise.all(Array.from({ length: 5 }, () => gate.ask('one', request)))
  assert.equal(answers.filter(answer => answer !== undefined).length, limits.askedMax)
  assert.equal(count(), limits.askedMax)
})

test('of what commands wait for no more is under way than may be, whatever the number of rules', async t => {
  const { count, request } = await listen(t, () => 200)
  const gate = new CallbackGate(new ManualClock(0), limits)
  const rules = ['one', 'two', 'three', 'four', 'five']
  const answers = await Promise.all(rules.map(rule => gate.askNow(rule, request)))
  assert.equal(answers.filter(answer => answer !== undefined).length, limits.awaitedMax)
  assert.equal(count(), limits.awaitedMax)
  assert.equal((await gate.askNow('five', request))?.status, 200)
})
