// What becomes of messages that were sent, with the vendor's Web SDK, wherever it runs: read again, taken back, changed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appWith, type ChatClient, device, loggedIn, type World } from './chat-client.ts'
import { webIm } from './web-sdk.ts'

interface Wish {
  readonly chatType?: 'singleChat' | 'groupChat'
  readonly cursor?: string
  readonly pageSize?: number
  readonly searchDirection?: 'up' | 'down'
  readonly searchOptions?: object
}

/** A page of what a user has said and heard, as the SDK reads it. */
export async function history({ connection }: ChatClient, targetId: string, wish: Wish = {}) {
  const page: any = await connection.getHistoryMessages({
    targetId,
    chatType: 'singleChat',
    ...wish,
  } as never)
  return {
    isLast: page.isLast as boolean,
    cursor: page.cursor as string,
    texts: page.messages.map(({ msg }: { msg: string }) => msg) as string[],
    messages: page.messages as any[],
  }
}

export const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`)

export function historyConform(world: World): void {
  test('both sides read their conversation again, page by page, the newest first', async t => {
    const app = await appWith(world, 'alice', 'bob', 'carol')
    const [alice, bob, carol] = await loggedIn(t, world, app, 'alice', 'bob', 'carol')
    const ids: string[] = []
    for (const text of numbers(1, 5))
      ids.push(await (ids.length % 2 ? bob : alice).text(ids.length % 2 ? 'alice' : 'bob', text))
    await carol.text('bob', 'elsewhere')
    for (const [reader, peer] of [
      [alice, 'bob'],
      [bob, 'alice'],
    ] as const) {
      const first = await history(reader, peer, { pageSize: 2 })
      assert.deepEqual([first.texts, first.isLast], [['message 5', 'message 4'], false])
      assert.deepEqual(
        first.messages.map(({ id, from, to, chatType }) => [id, from, to, chatType]),
        [
          [ids[4], 'alice', 'bob', 'singleChat'],
          [ids[3], 'bob', 'alice', 'singleChat'],
        ],
      )
      const second = await history(reader, peer, { pageSize: 2, cursor: first.cursor })
      assert.deepEqual([second.texts, second.isLast], [['message 3', 'message 2'], false])
      const third = await history(reader, peer, { pageSize: 2, cursor: second.cursor })
      assert.deepEqual([third.texts, third.isLast], [['message 1'], true])
    }
  })

  test('what was recalled is in nobody’s history and in no queue, and the others are told', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const tablet = await device(t, world, app, 'alice', 'tablet')
    const id = await alice.text('bob', 'never mind')
    await bob.heard('onTextMessage')
    await alice.text('bob', 'this one')
    await alice.connection.recallMessage({ mid: id, to: 'bob', chatType: 'singleChat' })
    for (const told of [bob, tablet]) {
      const [recalled] = await told.heard('onRecallMessage')
      assert.deepEqual([recalled.mid, recalled.from], [id, 'alice'])
    }
    assert.deepEqual((await history(alice, 'bob')).texts, ['this one'])
    assert.deepEqual((await history(bob, 'alice')).texts, ['this one'])
  })

  test('a text is changed by its sender: for those who have it, in the history, and for its next reader', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const ext = { mood: 'gay' }
    const messageId = await alice.send({ type: 'txt', chatType: 'singleChat', to: 'bob', msg: 'helo', ext })
    await bob.heard('onTextMessage')
    const modifiedMessage = webIm.message.create({
      type: 'txt',
      chatType: 'singleChat',
      to: 'bob',
      msg: 'hello',
    })
    const answer: any = await alice.connection.modifyMessage({ messageId, modifiedMessage } as never)
    assert.deepEqual(
      [
        answer.message.msg,
        answer.message.modifiedInfo.operatorId,
        answer.message.modifiedInfo.operationCount,
      ],
      ['hello', 'alice', 1],
    )
    const [told] = await bob.heard('onModifiedMessage')
    assert.deepEqual(
      [told.id, told.msg, told.modifiedInfo.operatorId, told.modifiedInfo.operationCount],
      [messageId, 'hello', 'alice', 1],
    )
    const { messages } = await history(bob, 'alice')
    const [read] = messages
    assert.deepEqual(
      [messages.length, read.id, read.msg, read.ext, read.modifiedInfo.operationCount],
      [1, messageId, 'hello', ext, 1],
    )
    await assert.rejects(
      bob.connection.modifyMessage({
        messageId,
        modifiedMessage: { ...modifiedMessage, to: 'alice' },
      } as never),
      { message: 'no right to edit this message' },
    )
  })
}
