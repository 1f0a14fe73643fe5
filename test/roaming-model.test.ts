// Conversations read again, against a model: whatever is sent, recalled and removed, pages of any size, in both directions,
// hold what is left, once each and in order.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { metaCodec, toDecimal } from '../src/msync/codec.ts'
import { ok } from './easemob-caller.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const names = ['ann', 'bob', 'cat'] as const
type Name = (typeof names)[number]
const name = fc.constantFrom(...names)
const index = fc.nat(20)

type Step =
  | { readonly do: 'send'; readonly from: Name; readonly to: Name }
  | { readonly do: 'recall'; readonly which: number }
  | { readonly do: 'hide'; readonly which: number; readonly isBySender: boolean }
  | { readonly do: 'clear'; readonly user: Name; readonly peer: Name }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), from: name, to: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recall' as const), which: index }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('hide' as const), which: index, isBySender: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), user: name, peer: name }) },
)

interface Message {
  readonly id: string
  readonly from: Name
  readonly to: Name
  readonly hiddenFrom: Set<Name>
}

class Model {
  #messages: Message[] = []

  async take(app: MessagingApp, step: Step): Promise<void> {
    if (step.do === 'send') return this.#send(app, step)
    if (step.do === 'clear') return this.#clear(app, step)
    const message = this.#messages[step.which % Math.max(1, this.#messages.length)]
    if (!message) return
    const { id, from, to } = message
    if (step.do === 'recall') {
      ok(await app.call('POST', '/messages/msg_recall', { msg_id: id, to, chat_type: 'chat' }))
      this.#messages = this.#messages.filter(other => other !== message)
      return
    }
    const [user, peer] = step.isBySender ? [from, to] : [to, from]
    const path = `/sdk/message/roaming/chat/user/${user}?userId=${peer}&msgIdList=${id}`
    ok(await app.call('DELETE', path))
    message.hiddenFrom.add(user)
  }

  /** Oldest first. */
  idsOf(user: Name, peer: Name): string[] {
    return this.#between(user, peer)
      .filter(({ hiddenFrom }) => !hiddenFrom.has(user))
      .map(({ id }) => id)
  }

  async #send(app: MessagingApp, { from, to }: Extract<Step, { do: 'send' }>): Promise<void> {
    const sent = await app.send([to], { from })
    this.#messages.push({ id: sent[to]!, from, to, hiddenFrom: new Set() })
  }

  async #clear(app: MessagingApp, { user, peer }: Extract<Step, { do: 'clear' }>): Promise<void> {
    const body = { channel: peer, type: 'chat', delete_roam: true }
    ok(await app.call('DELETE', `/users/${user}/user_channel`, body))
    for (const { hiddenFrom } of this.#between(user, peer)) hiddenFrom.add(user)
  }

  #between(one: Name, other: Name): Message[] {
    const isBetween = ({ from, to }: Message) =>
      (from === one && to === other) || (from === other && to === one)
    return this.#messages.filter(isBetween)
  }
}

interface Reading {
  readonly user: Name
  readonly peer: Name
  readonly isForward: boolean
  readonly pageSize: number
}

/** All pages, one after the other. */
async function readAll(app: MessagingApp, { user, peer, isForward, pageSize }: Reading): Promise<string[]> {
  const ids: string[] = []
  for (let start: string | number = -1; ; ) {
    const wish: object = {
      queue: `${peer}@easemob.com`,
      start,
      pull_number: pageSize,
      is_positive: isForward,
    }
    const { data }: { data: any } = ok(await app.call('POST', `/users/${user}/messageroaming`, wish)).json
    assert.ok(data.msgs.length <= pageSize)
    for (const { msg } of data.msgs) ids.push(toDecimal(metaCodec.decode(Buffer.from(msg, 'base64')).id))
    if (data.is_last) return ids
    start = data.next_key
  }
}

test('pages of any size hold what was sent and is left, once each, in either direction', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 1, max: 7 }),
      async (steps, pageSize) => {
        const app = await makeMessagingApp(server(), ...names)
        const model = new Model()
        for (const each of steps) await model.take(app, each)
        for (const user of names)
          for (const peer of names) {
            const wanted = model.idsOf(user, peer)
            const reading = { user, peer, pageSize }
            assert.deepEqual(await readAll(app, { ...reading, isForward: true }), wanted)
            assert.deepEqual(await readAll(app, { ...reading, isForward: false }), wanted.toReversed())
          }
      },
    ),
    { numRuns: 25, plugins: [fc.interruptAfterTimeLimit(60_000)] },
  )
})
