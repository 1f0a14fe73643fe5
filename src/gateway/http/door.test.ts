// What the HTTP door does when the door behind it does not keep its side.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { takeUndeclared } from '../../../test/start-app.ts'
import { readConfig } from '../../config.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type Undeclared, undeclaredFailures } from '../undeclared.ts'
import type { Answer } from './answer.ts'
import type { DialectDoor } from './dialect-door.ts'
import { HttpDoor } from './door.ts'
import type { Exchange } from './exchange.ts'

interface Line {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: { readonly err?: Error; readonly request?: string }
  readonly text: string
}

/** A server with one door behind it, for every path. */
async function listen(t: TestContext, door: Omit<DialectDoor, 'dialect' | 'refuseMethod'>) {
  const lines: Line[] = []
  const log = (level: Line['level']) => (fields: object, text: string) =>
    void lines.push({ level, fields: fields as Line['fields'], text })
  const behind: DialectDoor = {
    dialect: 'neutral',
    refuseMethod: () => new Refusal('method_unknown'),
    ...door,
  }
  const http = new HttpDoor({
    config: readConfig({ POSTHOUSE_PORT: '0' }),
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    doors: { easemob: behind, jpush: behind, neutral: behind },
    upgrades: new Map(),
    onAnswer: () => {},
  })
  const port = await http.listen()
  t.after(() => http.close())
  return { ask: () => fetch(`http://127.0.0.1:${port}/a`), lines }
}

const worded: Answer = { status: 503, headers: { 'Content-Type': 'application/json' }, body: '{"error":"x"}' }
const word = () => worded

test('an exception becomes internal, and the request id leads to it in the log', async t => {
  const { ask, lines } = await listen(t, { serve: () => Promise.reject(new Error('a bug')), word })
  const { headers } = await ask()
  assert.equal(lines[0]!.level, 'error')
  assert.equal(lines[0]!.fields.err?.message, 'a bug')
  assert.equal(lines[0]!.fields.request, headers.get('x-request-id'))
})

test('a failure that cannot be worded is still answered with JSON', async t => {
  const { ask, lines } = await listen(t, {
    serve: () => Promise.reject(new Refusal('path_unknown')),
    word: () => {
      throw new Error('no words')
    },
  })
  const answer = await ask()
  assert.equal(answer.status, 500)
  assert.match(await answer.text(), /^\{"error":\{.+\}\}$/)
  assert.equal(lines.at(-1)!.fields.err?.message, 'no words')
})

test('an answer whose headers are not legal is replaced by one that can be sent', async t => {
  const illegal: Answer = { ...worded, headers: { 'X-A': 'a\r\nb' } }
  const served = await listen(t, { serve: () => Promise.resolve(illegal), word })
  assert.equal((await served.ask()).status, 503)
  const refused = await listen(t, {
    serve: () => Promise.reject(new Refusal('path_unknown')),
    word: () => illegal,
  })
  const answer = await refused.ask()
  assert.equal(answer.status, 500)
  assert.match(await answer.text(), /^\{"error":\{.+\}\}$/)
})

test('a refusal that the route did not declare is answered, logged and published', async t => {
  const published: unknown[] = []
  const listener = (message: unknown) => published.push(message)
  undeclaredFailures.subscribe(listener)
  t.after(() => {
    undeclaredFailures.unsubscribe(listener)
    // Else a server that a test of another file has in this process would have to answer for it.
    takeUndeclared()
  })
  const serve = (exchange: Exchange): Promise<Answer> => {
    exchange.declared = () => new Set(['core_gone'])
    return Promise.reject(new Refusal('core_silent'))
  }
  const { ask, lines } = await listen(t, { serve, word })
  assert.equal((await ask()).status, 503)
  const expected: Undeclared = { failure: 'core_silent', method: 'GET', path: '/a' }
  assert.deepEqual(published, [expected])
  const line = lines.find(({ text }) => text === 'undeclared failure')
  assert.equal(line?.level, 'warn')
})

test('only the server’s own trouble is worth a line in the log', async t => {
  for (const [refusal, level] of [
    [new Refusal('path_unknown'), undefined],
    [new Refusal('rate_limited'), undefined],
    [new Refusal('core_gone'), 'warn'],
  ] as const) {
    const { ask, lines } = await listen(t, { serve: () => Promise.reject(refusal), word })
    await ask()
    assert.deepEqual(
      lines.map(line => line.level),
      level ? [level] : [],
    )
  }
})
