// A key that the server forgets before the turn of what it is for.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../test/until.ts'
import { JpushClient } from '../src/jpush.ts'
import { Outbox } from '../src/outbox.ts'
import { answer, HostileServer } from './hostile-server.ts'
import { ManualClock } from './manual-clock.ts'

const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } } as const

test('one that is sent again for later is left to a person when its key has died by then', async t => {
  let cids = 0
  const server = await HostileServer.start(t, (socket, asked) => {
    const count = /count=(\d+)/.exec(asked.path)?.[1]
    if (!count) return answer(502, 'x')(socket, asked)
    const cidlist = Array.from({ length: Number(count) }, () => `cid-${cids++}`)
    return answer(200, { cidlist })(socket, asked)
  })
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outbox-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const clock = new ManualClock()
  const retry = { attempts: 1, unsentRetries: 0, staleRetries: 0 }
  const jpush = new JpushClient({ baseUrl: server.url, appKey: 'k', masterSecret: 's', retry, clock })
  const open = () => new Outbox({ path: join(folder, 'outbox.db'), jpush, clock, random: () => 0.5 })
  const sends = () => server.asked.filter(({ path }) => path === '/v3/push').length

  const first = open()
  const byHand = await first.send({ kind: 'push', push })
  await until(async () => (await first.find(byHand))!.state === 'unknown')
  await first.desk.resend([{ itemId: byHand, delayMs: 3_600_000 }])
  await first.close()
  const before = sends()
  clock.advance(48 * 3_600_000)

  const second = open()
  t.after(() => second.close())
  await until(async () => {
    const { state, dueAt } = (await second.find(byHand))!
    return state === 'unknown' && dueAt === null
  })
  assert.equal(sends(), before)
  await assert.rejects(second.resend(byHand), /might be sent twice/)
  assert.equal(await second.resend(byHand, { mayDuplicate: true }), true)
  await until(async () => sends() > before)
})
