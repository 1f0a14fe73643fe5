// What an outbox does, whatever store it has. Run by the test of each store.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../test/until.ts'
import type { Clock } from '../src/clock.ts'
import { EasemobClient } from '../src/easemob.ts'
import { JpushClient } from '../src/jpush.ts'
import { Outbox, type OutboxState, type Place, type SendOptions } from '../src/outbox.ts'
import { answer, HostileServer, type Script, silence } from './hostile-server.ts'
import { ManualClock } from './manual-clock.ts'

export const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } } as const
export const message = { to: { users: ['bob'] }, type: 'txt', body: { msg: 'hello' } } as const
export const sent = { sendno: '0', msg_id: '7' }
const cid = 'a1b2c3d4e5f60718293a4b5c-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e'
const token = { access_token: 'YWMt', expires_in: 5_184_000 }

/** Gives a test stores of its own, by their names: the same name is the same store, opened once more. */
export type MakePlaces = (t: TestContext, clock: Clock) => (name: string) => Place | Promise<Place>

/** The scripts answer sends; cids and tokens are given by a server that behaves. */
export async function makeStage(t: TestContext, makePlaces: MakePlaces, scripts: Script[]) {
  const opened: Outbox[] = []
  t.after(async () => {
    for (const outbox of opened) await outbox.close({ timeoutMs: 0 }).catch(() => {})
  })
  const clock = new ManualClock()
  const places = makePlaces(t, clock)
  const left = [...scripts]
  let cids = 0
  let isAway = false
  const server = await HostileServer.start(t, (socket, asked) => {
    if (isAway) return socket.destroy()
    const count = /^\/v3\/push\/cid\?count=(\d+)/.exec(asked.path)?.[1]
    if (count) {
      const cidlist = Array.from({ length: Number(count) }, () => `${cid}${String(cids++).padStart(4, '0')}`)
      return answer(200, { cidlist })(socket, asked)
    }
    if (asked.path.endsWith('/token')) return answer(200, token)(socket, asked)
    return (left.length > 1 ? left.shift()! : left[0]!)(socket, asked)
  })
  const retry = { attempts: 1, unsentRetries: 0, staleRetries: 0 }
  const breaker = { callsMin: 1_000, connectFailuresMax: 1_000 }
  const shared = { baseUrl: server.url, retry, breaker, clock }
  const jpush = new JpushClient({ ...shared, appKey: 'k', masterSecret: 's' })
  const app = { org: 'acme', app: 'chat', clientId: 'c', clientSecret: 's' }
  const easemob = new EasemobClient({ ...shared, ...app })
  const open = async (more: Partial<SendOptions> = {}, name = 'outbox') => {
    const outbox = new Outbox({ ...(await places(name)), jpush, easemob, clock, random: () => 0.5, ...more })
    opened.push(outbox)
    return outbox
  }
  const outbox = await open()
  const becomes = (itemId: string, state: OutboxState, which = outbox) =>
    until(async () => {
      const item = await which.find(itemId)
      return item?.state === state && item
    })
  const sends = () =>
    server.asked
      .filter(({ path }) => path === '/v3/push' || path.includes('/messages/'))
      .map(({ body }) => JSON.parse(body))
  const setAway = (value: boolean) => {
    isAway = value
  }
  return { server, places, clock, open, outbox, becomes, sends, setAway, easemob, jpush }
}

const busy = answer(429, { error: { code: 2002, message: 'Rate limit exceeded' } })
const gateway = answer(502, 'x')
const wrong = answer(400, { error: { code: 1009, message: 'Unsupported key x' } })

export function outboxCases(makePlaces: MakePlaces): void {
  test('what is put in is sent, and what the server answered is kept with it', async t => {
    const { outbox, becomes } = await makeStage(t, makePlaces, [answer(200, sent)])
    const itemId = await outbox.send({ kind: 'push', push })
    const { result, failure } = await becomes(itemId, 'sent')
    assert.deepEqual([result, failure], [sent, null])
  })

  test('hundreds put in at once are there at once, and all are sent', async t => {
    const { outbox, sends } = await makeStage(t, makePlaces, [answer(200, sent)])
    const ids = await Promise.all(Array.from({ length: 200 }, () => outbox.send({ kind: 'push', push })))
    assert.equal(new Set(ids).size, 200)
    await until(async () => (await outbox.count()).sent === 200)
    assert.equal(new Set(sends().map(one => one.cid)).size, 200)
  })

  test('however long the server is away, it is sent when the server is back', async t => {
    const { outbox, becomes, clock, setAway, sends } = await makeStage(t, makePlaces, [answer(200, sent)])
    setAway(true)
    const itemId = await outbox.send({ kind: 'push', push })
    for (let nth = 0; nth < 40; nth++) {
      await becomes(itemId, 'waiting')
      clock.advance(3_600_000)
      await until(async () => (await outbox.find(itemId))!.misses > nth + 1)
    }
    assert.equal((await outbox.find(itemId))!.tries, 0)
    setAway(false)
    await becomes(itemId, 'waiting')
    clock.advance(3_600_000)
    await becomes(itemId, 'sent')
    assert.equal(sends().length, 1)
  })

  test('a limit is waited for, in growing waits, and eight tries are enough', async t => {
    const { outbox, becomes, clock, sends } = await makeStage(t, makePlaces, [busy])
    const itemId = await outbox.send({ kind: 'push', push })
    const waits = []
    for (let tries = 1; tries <= 8; tries++) {
      const { dueAt } = await until(async () => {
        const item = (await outbox.find(itemId))!
        return item.state === 'waiting' && item.tries === tries && item
      })
      waits.push(dueAt! - clock.now())
      clock.advance(waits.at(-1)!)
    }
    assert.deepEqual(waits, [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000])
    const { failure } = await becomes(itemId, 'dead')
    assert.equal(failure?.id, 'rate_limited')
    assert.equal(sends().length, 9)
  })

  test('a server whose clock says 2099 does not put a send off to 2099, and no server for more than a day', async t => {
    const limit = { error: { code: 2002, message: 'Rate limit exceeded' } }
    const inAnHour = { Date: 'Fri, 02 Jan 2099 03:00:00 GMT', 'Retry-After': 'Fri, 02 Jan 2099 04:00:00 GMT' }
    const untold = { 'Retry-After': 'Fri, 02 Jan 2099 04:00:00 GMT' }
    const scripts = [inAnHour, untold].map(headers => answer(429, limit, headers))
    const { outbox, becomes, clock } = await makeStage(t, makePlaces, [...scripts, answer(200, sent)])
    const itemId = await outbox.send({ kind: 'push', push })
    const first = (await becomes(itemId, 'waiting')).dueAt! - clock.now()
    assert.ok(first >= 3_600_000 && first <= 3_601_000, String(first))
    clock.advance(first)
    const second = await until(async () => {
      const item = await outbox.find(itemId)
      return item?.tries === 2 && item
    })
    assert.equal(second.dueAt! - clock.now(), 24 * 3_600_000)
    clock.advance(24 * 3_600_000)
    await becomes(itemId, 'sent')
  })

  test('a refusal that stays one is dead at once; edited, it is sent under another key', async t => {
    const { outbox, becomes, sends } = await makeStage(t, makePlaces, [wrong, answer(200, sent)])
    const itemId = await outbox.send({ kind: 'push', push })
    await becomes(itemId, 'dead')
    const other = { ...push, notification: { alert: 'mended' } }
    assert.equal(await outbox.edit(itemId, { kind: 'push', push: other }), true)
    assert.equal(await outbox.resend(itemId), true)
    await becomes(itemId, 'sent')
    assert.deepEqual(
      sends().map(({ notification }) => notification.alert),
      ['hello', 'mended'],
    )
    assert.notEqual(sends()[0].cid, sends()[1].cid)
  })

  test('a push whose answer was lost is repeated under its cid while the server knows it, then left to a person', async t => {
    const { outbox, becomes, clock, sends } = await makeStage(t, makePlaces, [gateway])
    const itemId = await outbox.send({ kind: 'push', push })
    for (;;) {
      const item = await until(async () => {
        const found = (await outbox.find(itemId))!
        return found.state === 'unknown' && found
      })
      if (item.dueAt === null) break
      const before = item.tries
      clock.advance(item.dueAt - clock.now())
      await until(async () => (await outbox.find(itemId))!.tries > before)
    }
    assert.equal(new Set(sends().map(one => one.cid)).size, 1)
    const tries = sends().length
    clock.advance(48 * 3_600_000)
    await assert.rejects(outbox.resend(itemId), /might be sent twice/)
    assert.equal(sends().length, tries)
    assert.equal(await outbox.resend(itemId, { mayDuplicate: true }), true)
    await until(async () => sends().length > tries)
    assert.notEqual(sends().at(-1).cid, sends()[0].cid)
    await becomes(itemId, 'unknown')
  })

  test('a push that may have been sent is not sent again under another cid, though its process slept meanwhile', async t => {
    const { outbox, becomes, open, clock, sends } = await makeStage(t, makePlaces, [gateway])
    const itemId = await outbox.send({ kind: 'push', push })
    assert.notEqual((await becomes(itemId, 'unknown')).dueAt, null)
    await outbox.close()
    clock.advance(24 * 3_600_000)
    const again = await open()
    const { state } = await until(async () => {
      const found = await again.find(itemId)
      return found!.dueAt === null && found
    })
    assert.deepEqual([state, sends().length], ['unknown', 1])
  })

  test('a cid that has lain in the pool is as old as its fetch', async t => {
    const { outbox, becomes, clock } = await makeStage(t, makePlaces, [busy, gateway])
    const fetchedAt = clock.now()
    const put = () => outbox.send({ kind: 'push', push, conversation: 'a' })
    const [first, second] = await Promise.all([put(), put()])
    await becomes(first, 'waiting')
    clock.advance(4_000)
    assert.equal(await outbox.cancel(first), true)
    assert.equal((await becomes(second, 'unknown')).keyAt, fetchedAt)
  })

  test('once a second delivery is accepted, it is made, however long the server is away', async t => {
    const { outbox, becomes, clock, setAway, sends } = await makeStage(t, makePlaces, [
      gateway,
      answer(200, sent),
    ])
    const itemId = await outbox.send({ kind: 'push', push })
    await becomes(itemId, 'unknown')
    setAway(true)
    clock.advance(48 * 3_600_000)
    await until(async () => (await outbox.find(itemId))!.dueAt === null)
    assert.equal(await outbox.resend(itemId, { mayDuplicate: true }), true)
    await becomes(itemId, 'waiting')
    setAway(false)
    clock.advance(3_600_000)
    await becomes(itemId, 'sent')
    assert.equal(sends().length, 2)
  })

  test('a message that may have been sent is not sent again by itself where no key makes it harmless', async t => {
    const { outbox, becomes, sends, clock, open } = await makeStage(t, makePlaces, [
      gateway,
      answer(200, { data: { bob: '1' } }),
    ])
    const itemId = await outbox.send({ kind: 'message', message })
    const { dueAt } = await becomes(itemId, 'unknown')
    assert.equal(dueAt, null)
    clock.advance(3_600_000)
    assert.equal(sends().length, 1)
    await outbox.close()
    const willing = await open({ mayDuplicate: true })
    assert.equal(await willing.resend(itemId, { mayDuplicate: true }), true)
    await becomes(itemId, 'sent', willing)
    assert.equal(sends().length, 2)
  })

  test('messages of one conversation are sent in their order; one that is dead does not hold up the next', async t => {
    const order: string[] = []
    const data = (asked: { body: string }) => {
      const text = JSON.parse(asked.body).body.msg
      order.push(text)
      return text === 'b'
        ? answer(400, { error: 'x', error_description: 'y' })
        : answer(200, { data: { bob: text } })
    }
    const { outbox } = await makeStage(t, makePlaces, [(socket, asked) => data(asked)(socket, asked)])
    const put = (msg: string, conversation: string) =>
      outbox.send({ kind: 'message', message: { ...message, body: { msg } }, conversation })
    await Promise.all(['a', 'b', 'c', 'd'].map(msg => put(msg, 'bob')))
    await until(async () => (await outbox.count()).sent === 3)
    assert.deepEqual(order, ['a', 'b', 'c', 'd'])
    assert.equal((await outbox.count()).dead, 1)
  })

  test('what nobody wants any more is not sent', async t => {
    const { outbox, becomes, clock, sends } = await makeStage(t, makePlaces, [busy])
    const itemId = await outbox.send({ kind: 'push', push, expiresAt: clock.now() + 4_000 })
    await becomes(itemId, 'waiting')
    clock.advance(10_000)
    await becomes(itemId, 'expired')
    assert.equal(sends().length, 1)
  })

  test('a send that waits can be cancelled, once', async t => {
    const { outbox, becomes, clock, sends } = await makeStage(t, makePlaces, [busy])
    const itemId = await outbox.send({ kind: 'push', push })
    await becomes(itemId, 'waiting')
    assert.deepEqual([await outbox.cancel(itemId), await outbox.cancel(itemId)], [true, false])
    clock.advance(3_600_000)
    assert.equal((await outbox.find(itemId))?.state, 'cancelled')
    assert.equal(sends().length, 1)
  })

  test('the close says what became of each', async t => {
    const { outbox, open, becomes, clock } = await makeStage(t, makePlaces, [
      answer(200, sent),
      busy,
      wrong,
      silence,
    ])
    const first = await outbox.send({ kind: 'push', push })
    await becomes(first, 'sent')
    const second = await outbox.send({ kind: 'push', push })
    await becomes(second, 'waiting')
    const closing = outbox.close()
    await assert.rejects(outbox.send({ kind: 'push', push }), /closed/)
    assert.deepEqual(await closing, { sent: [], kept: [second], unknown: [], failed: [] })
    const again = await open()
    clock.advance(3_600_000)
    await becomes(second, 'dead', again)
  })

  test('two processes that share the store send each item once', async t => {
    const { outbox, open, sends } = await makeStage(t, makePlaces, [answer(200, { data: { bob: '1' } })])
    const other = await open()
    const texts = Array.from({ length: 100 }, (_, nth) => `m${nth}`)
    const put = (msg: string, nth: number) =>
      [outbox, other][nth % 2]!.send({ kind: 'message', message: { ...message, body: { msg } } })
    await Promise.all(texts.map(put))
    await until(async () => (await outbox.count()).sent === texts.length)
    assert.deepEqual(
      sends()
        .map(({ body }) => body.msg)
        .toSorted(),
      texts.toSorted(),
    )
  })

  test('receivers whose share of a send failed are an item of their own', async t => {
    const { outbox, becomes, clock, sends } = await makeStage(t, makePlaces, [
      answer(200, { data: { a: '1', b: '2' } }),
      answer(403, { error: 'message_send_error', error_description: 'message send reach limit' }),
      answer(200, { data: { c: '3' } }),
    ])
    const to = { users: ['a', 'b', 'c'] }
    const itemId = await outbox.send({ kind: 'message', message: { ...message, to, receiversMax: 2 } })
    const { result } = await becomes(itemId, 'sent')
    assert.deepEqual(result, { ids: { a: '1', b: '2' } })
    const [child] = await outbox.list({ states: ['waiting'] })
    assert.deepEqual(child?.content, {
      kind: 'message',
      message: { ...message, to: { users: ['c'] }, receiversMax: 2 },
    })
    clock.advance(3_600_000)
    await becomes(child!.itemId, 'sent')
    assert.equal(sends()[1].ext.em_dedupe, sends()[2].ext.em_dedupe)
  })

  test('a close does not wait longer than it is told to: what it breaks off may have been sent', async t => {
    const { outbox, becomes } = await makeStage(t, makePlaces, [silence])
    const itemId = await outbox.send({ kind: 'push', push })
    await becomes(itemId, 'sending')
    assert.deepEqual(await outbox.close({ timeoutMs: 0 }), {
      sent: [],
      kept: [],
      unknown: [itemId],
      failed: [],
    })
  })

  test('one that is sent again waits for a later one of its conversation that is under way', async t => {
    const { outbox, becomes, sends } = await makeStage(t, makePlaces, [wrong, silence, answer(200, sent)])
    const first = await outbox.send({ kind: 'push', push, conversation: 'bob' })
    await becomes(first, 'dead')
    const second = await outbox.send({ kind: 'push', push, conversation: 'bob' })
    await becomes(second, 'sending')
    assert.equal(await outbox.resend(first), true)
    await becomes(await outbox.send({ kind: 'push', push }), 'sent')
    assert.equal((await outbox.find(first))!.state, 'pending')
    await until(async () => sends().length === 3)
  })

  test('what is done by hand is written down with it: who, why, and what became of the item', async t => {
    const { outbox, becomes, clock } = await makeStage(t, makePlaces, [wrong, busy])
    const itemId = await outbox.send({ kind: 'push', push })
    await becomes(itemId, 'dead')
    const by = { by: 'ann', why: 'mended', actionId: 'a1' }
    assert.equal(await outbox.edit(itemId, { kind: 'push', push }, by), true)
    assert.equal(await outbox.resend(itemId, { ...by, mayDuplicate: true }), true)
    await becomes(itemId, 'waiting')
    assert.equal(await outbox.cancel(itemId), true)
    assert.equal(await outbox.cancel(itemId, by), false)
    const rows = await outbox.audits({ itemId })
    assert.deepEqual(
      rows.map(({ action, actor, reason, fromState, toState, mayDuplicate }) =>
        [action, actor, reason, fromState, toState, mayDuplicate].join(),
      ),
      [
        'edit,ann,mended,dead,dead,false',
        'resend,ann,mended,dead,pending,true',
        'cancel,,,waiting,cancelled,false',
      ],
    )
    assert.ok(rows.every(({ at }) => at === clock.now()))
    assert.deepEqual(await outbox.audits({ actionId: 'a1' }), rows.slice(0, 2))
    assert.deepEqual(await outbox.audits({}, 1, rows[0]!.auditId), rows.slice(1, 2))
    clock.advance(181 * 24 * 3_600_000)
    await until(async () => (await outbox.audits()).length === 0)
  })

  test('what is sent again for later can be undone until then; items are found by what they are', async t => {
    const { outbox, becomes, sends, clock } = await makeStage(t, makePlaces, [gateway])
    const itemId = await outbox.send({ kind: 'message', message })
    await becomes(itemId, 'unknown')
    const waiting = await outbox.send({ kind: 'push', push, expiresAt: clock.now() + 1 })
    await until(async () => (await outbox.find(waiting))!.state !== 'sending')
    const ids = async (kind: 'push' | 'message') => (await outbox.list({ kind })).map(item => item.itemId)
    assert.deepEqual([await ids('message'), await ids('push')], [[itemId], [waiting]])
    assert.deepEqual(await outbox.count({ kind: 'message' }), { unknown: 1 })
    const { key } = (await outbox.find(itemId))!
    const targets = [{ itemId, delayMs: 60_000 }]
    const refused = [{ itemId, outcome: 'might_duplicate' }]
    assert.deepEqual(await outbox.desk.resend(targets), refused)
    const by = { mayDuplicate: true, actionId: 'a1' }
    assert.deepEqual(await outbox.desk.resend(targets, by), [{ itemId, outcome: 'done' }])
    assert.equal((await outbox.desk.look(itemId))!.mayHaveBeenSent, true)
    assert.equal(await outbox.edit(itemId, { kind: 'message', message }), false)
    // The one key that its receivers can know it by.
    assert.equal((await outbox.find(itemId))!.key, key)
    assert.deepEqual(await outbox.desk.undo('a1', [{ itemId }]), [{ itemId, outcome: 'done' }])
    clock.advance(60_000)
    assert.equal((await outbox.find(itemId))!.state, 'unknown')
    assert.deepEqual(await outbox.desk.resend(targets), refused)
    assert.equal(sends().filter(({ to }) => to).length, 1)
  })

  test('what another outbox has listed is put in as it was; what is there already is left alone', async t => {
    const { outbox, open, becomes, sends } = await makeStage(t, makePlaces, [wrong, silence])
    const dead = await outbox.send({ kind: 'push', push })
    await becomes(dead, 'dead')
    const sending = await outbox.send({ kind: 'message', message })
    await becomes(sending, 'sending')
    const listed = JSON.parse(JSON.stringify(await outbox.list()))
    const other = await open({}, 'other')
    assert.deepEqual(await other.import(listed, { by: 'ann' }), { imported: [dead, sending], skipped: [] })
    assert.deepEqual(await other.import(listed), { imported: [], skipped: [dead, sending] })
    assert.deepEqual(await other.find(dead), await outbox.find(dead))
    const { state, dueAt, key } = (await other.find(sending))!
    assert.deepEqual([state, dueAt, key], ['unknown', null, listed[1].key])
    assert.deepEqual(
      (await other.audits()).map(row => [row.itemId, row.action, row.fromState, row.toState].join()),
      [`${dead},import,,dead`, `${sending},import,,unknown`],
    )
    await assert.rejects(
      other.import([
        { ...listed[0], itemId: 'x' },
        { ...listed[0], state: 'lost' },
      ]),
      {
        message: `state of the item ${dead} is not what an outbox has written`,
      },
    )
    assert.equal(await other.find('x'), undefined)
    await until(async () => sends().length === 2)
  })

  test('an outbox without clients sends nothing; what is decided there is sent by another', async t => {
    const { outbox, becomes, clock, places, sends } = await makeStage(t, makePlaces, [
      wrong,
      answer(200, sent),
    ])
    const itemId = await outbox.send({ kind: 'push', push })
    await becomes(itemId, 'dead')
    const looking = new Outbox({ ...(await places('outbox')), clock })
    assert.equal(await looking.resend(itemId), true)
    assert.deepEqual(await looking.close(), { sent: [], kept: [itemId], unknown: [], failed: [] })
    assert.equal(sends().length, 1)
    clock.advance(60_000)
    await becomes(itemId, 'sent')
  })
}
