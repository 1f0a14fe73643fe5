import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageContent } from '../contract/operations/inbox.ts'
import type { GroupEvent, GroupEventName, Signal } from '../contract/operations/notices.ts'
import { messageIdAt } from '../lib/message-id.ts'
import {
  messageBodyCodec,
  metaCodec,
  mucBodyCodec,
  rosterBodyCodec,
  statisticsBodyCodec,
  toDecimal,
} from './codec.ts'
import { encodeMeta, endingMeta, pack } from './meta.ts'

const reader = { appKey: 'acme#chat', username: 'bob' }
const id = messageIdAt(Date.UTC(2026, 0, 1)) + 7

const message: MessageContent = {
  is: 'message',
  chatType: 'chat',
  from: 'ann',
  resource: 'web',
  to: 'bob',
  payload: '{"bodies":[{"type":"txt","msg":"hello"}],"ext":{"a":1}}',
}

function metaOf(content: Parameters<typeof encodeMeta>[1]['content']) {
  return metaCodec.decode(encodeMeta(reader, { id, content }))
}

function groupEvent(event: GroupEventName, more: Partial<GroupEvent> = {}) {
  const { payload } = metaOf({
    is: 'group_event',
    event,
    groupId: '77',
    isRoom: false,
    name: 'the group',
    from: 'ann',
    to: ['bob'],
    text: '',
    ...more,
  })
  return mucBodyCodec.decode(payload)
}

test('a message has its id, its time, who sent it from where, and to whom', () => {
  const meta = metaOf(message)
  assert.equal(toDecimal(meta.id), String(id))
  assert.equal(toDecimal(meta.timestamp), String(Date.UTC(2026, 0, 1)))
  assert.equal(meta.ns, 1)
  assert.deepEqual(
    { ...meta.from },
    { appKey: 'acme#chat', name: 'ann', domain: 'easemob.com', clientResource: 'web' },
  )
  assert.deepEqual({ ...meta.to }, { appKey: 'acme#chat', name: 'bob', domain: 'easemob.com' })
  const body = messageBodyCodec.decode(meta.payload)
  assert.deepEqual(
    [body.type, body.from!.name, body.to!.name, body.contents[0]!.text],
    [1, 'ann', 'bob', 'hello'],
  )
})

test('a message to a group or room goes to the JID of groups, as its type', () => {
  for (const [chatType, type] of [
    ['groupchat', 2],
    ['chatroom', 3],
  ] as const) {
    const meta = metaOf({ ...message, chatType, to: '77' })
    assert.deepEqual([meta.to!.name, meta.to!.domain], ['77', 'conference.easemob.com'])
    assert.equal(messageBodyCodec.decode(meta.payload).type, type)
  }
})

test('the bytes of a client, and what stood beside them, come out as they went in', () => {
  const bytes = Buffer.from('0801a0380742', 'hex').subarray(0, 5)
  const meta = metaOf({ ...message, body: pack(bytes, [{ key: 'k', type: 7, stringValue: 'v' }]) })
  assert.deepEqual(Buffer.from(meta.payload), bytes)
  assert.deepEqual([meta.ext[0]!.key, meta.ext[0]!.stringValue], ['k', 'v'])
  assert.deepEqual(Buffer.from(metaOf({ ...message, body: pack(bytes, []) }).payload), bytes)
})

const signal: Signal = {
  is: 'signal',
  signal: 'recall',
  chatType: 'chat',
  from: 'ann',
  resource: '',
  to: 'bob',
  msgId: 12_345,
}

test('a signal through REST is the body that a client would have sent', () => {
  const types = { read: 4, delivered: 5, recall: 6, channel_read: 7, edit: 8 } as const
  for (const [name, type] of Object.entries(types) as [Signal['signal'], number][]) {
    const body = messageBodyCodec.decode(metaOf({ ...signal, signal: name }).payload)
    assert.equal(body.type, type)
    const about = name === 'edit' ? body.editMessageId : body.ackMessageId
    assert.equal(toDecimal(about), name === 'channel_read' ? '0' : '12345')
    assert.equal(body.contents.length, 1)
  }
})

test('an edit says who has edited what, whoever made its bytes', () => {
  const edit = {
    payload: '{"bodies":[{"type":"txt","msg":"new"}],"ext":{}}',
    sender: 'ann',
    sentAt: 1,
    operator: 'ann',
    editedAt: 2,
    count: 3,
  }
  const told = {
    edit_msg: { sender: 'ann', send_time: 1, chat_type: 'chat', count: 3, operator: 'ann', edit_time: 2 },
  }
  const bytes = messageBodyCodec.encode({
    type: 8,
    editMessageId: 5,
    meta: 'a lie',
    contents: [{ type: 0, text: 'new' }],
  })
  for (const more of [{ edit }, { edit, body: pack(bytes, []) }]) {
    const body = messageBodyCodec.decode(metaOf({ ...signal, signal: 'edit', ...more }).payload)
    assert.deepEqual(JSON.parse(body.meta), told)
    assert.equal(body.contents[0]!.text, 'new')
  }
})

test('a receipt in a group brings what the reader says', () => {
  const { payload } = metaOf({
    ...signal,
    signal: 'read',
    chatType: 'groupchat',
    groupAck: { content: 'seen' },
  })
  const body = messageBodyCodec.decode(payload)
  assert.deepEqual([body.msgConfig!.allowGroupAck, body.ackContent], [true, 'seen'])
})

const operations: Readonly<Record<GroupEventName, number>> = {
  created: 0,
  destroyed: 1,
  join_requested: 4,
  join_accepted: 5,
  join_declined: 6,
  invited: 7,
  invite_accepted: 8,
  invite_declined: 9,
  removed: 10,
  blocked: 12,
  unblocked: 13,
  updated: 14,
  joined: 17,
  left: 18,
  added: 19,
  owner_changed: 20,
  admin_added: 21,
  admin_removed: 22,
  muted: 23,
  unmuted: 24,
  announcement_changed: 25,
  announcement_deleted: 26,
  file_uploaded: 27,
  file_deleted: 28,
  allowed: 29,
  disallowed: 30,
  all_muted: 31,
  all_unmuted: 32,
  disabled: 41,
  enabled: 42,
  attributes_set: 43,
  attributes_removed: 44,
  member_attributes_set: 45,
}

for (const [event, operation] of Object.entries(operations) as [GroupEventName, number][])
  test(`the event ${event} is operation ${operation}, with all that clients look into unasked`, () => {
    const body = groupEvent(event)
    assert.equal(body.operation, operation)
    assert.deepEqual([body.mucId!.name, body.mucId!.domain], ['77', 'conference.easemob.com'])
    assert.ok(body.from && body.to.length > 0)
    for (const json of [body.eventInfo?.ext, event === 'muted' ? body.ext : undefined])
      if (json) JSON.parse(json)
  })

test('the text of an event is where clients look for it', () => {
  assert.equal(groupEvent('announcement_changed', { text: 'news' }).reason, 'news')
  assert.equal(groupEvent('invited').mucName, 'the group')
  assert.deepEqual(JSON.parse(groupEvent('muted', { until: 99 }).ext), { user_mute_time: 99 })
  assert.equal(groupEvent('left', { memberCount: 3 }).mucMemberCount, 3)
  const settings = { name: 'n', description: 'd', maxUsers: 9 }
  assert.deepEqual(JSON.parse(groupEvent('updated', { settings }).eventInfo!.ext), {
    name: 'n',
    description: 'd',
    max_users: 9,
  })
  const set = JSON.parse(groupEvent('attributes_set', { isRoom: true, text: '{"k":"v"}' }).eventInfo!.ext)
  assert.deepEqual([set.result.successKeys, set.properties], [['k'], { k: 'v' }])
  const removed = JSON.parse(groupEvent('attributes_removed', { isRoom: true, text: '["k"]' }).eventInfo!.ext)
  assert.deepEqual(removed.result.successKeys, ['k'])
})

test('who comes or goes is the one the event is from; several are listed', () => {
  assert.equal(groupEvent('joined', { from: '', to: ['cat'] }).from!.name, 'cat')
  assert.deepEqual(groupEvent('joined', { from: '', to: ['cat', 'dan'] }).members, ['cat', 'dan'])
})

test('contact events have the operations that clients tell apart', () => {
  const table = {
    invited: 2,
    removed: 3,
    accepted: 4,
    declined: 5,
    remote_accepted: 8,
    remote_declined: 9,
  } as const
  for (const [event, operation] of Object.entries(table) as [keyof typeof table, number][]) {
    const meta = metaOf({ is: 'contact_event', event, from: 'ann', to: 'bob', reason: 'hi' })
    const body = rosterBodyCodec.decode(meta.payload)
    assert.equal(meta.ns, 3)
    assert.deepEqual(
      [body.operation, body.from!.name, body.to.map(({ name }) => name), body.reason],
      [operation, 'ann', ['bob'], 'hi'],
    )
  }
})

test('a notice of the server is its JSON', () => {
  const { ns, payload } = metaOf({ is: 'server_notice', payload: '{"type":"presence"}' })
  assert.deepEqual([ns, Buffer.from(payload).toString()], [5, '{"type":"presence"}'])
})

test('the end of a session has the operation that clients know it by', () => {
  const table = { removed: 1, takenOver: 2, passwordChanged: 3, kicked: 4 } as const
  for (const [because, operation] of Object.entries(table) as [keyof typeof table, number][]) {
    const { payload, ns } = metaCodec.decode(metaCodec.encode(endingMeta(reader, because, 'why', 1)))
    const body = statisticsBodyCodec.decode(payload)
    assert.deepEqual([ns, body.operation, body.reason], [0, operation, 'why'])
  }
})
