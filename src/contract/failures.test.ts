import assert from 'node:assert/strict'
import { test } from 'node:test'
import { easemobWire } from './easemob.ts'
import type { Failure, Wire } from './failure.ts'
import { authFailures } from './failures/auth.ts'
import { contactFailures } from './failures/contacts.ts'
import { developerFailures } from './failures/developers.ts'
import { deviceFailures } from './failures/device.ts'
import { fileFailures } from './failures/files.ts'
import { groupRightFailures } from './failures/group-rights.ts'
import { groupRoleFailures } from './failures/group-roles.ts'
import { groupFailures } from './failures/groups.ts'
import { historyFailures } from './failures/history.ts'
import { httpFailures } from './failures/http.ts'
import { inboxFailures } from './failures/inbox.ts'
import { messageFailures } from './failures/messages.ts'
import { pushFailures } from './failures/push.ts'
import { reactionFailures } from './failures/reactions.ts'
import { scheduleFailures } from './failures/schedules.ts'
import { serviceFailures } from './failures/service.ts'
import { threadFailures } from './failures/threads.ts'
import { userSettingFailures } from './failures/user-settings.ts'
import { userFailures } from './failures/users.ts'
import { failures } from './failures.ts'
import { jpushWire } from './jpush.ts'
import { msyncWire } from './msync.ts'
import { neutralWire } from './neutral.ts'
import { statuses } from './statuses.ts'
import { easemobVariants, jpushVariants } from './variants.ts'

const catalogue: Readonly<Record<string, Failure>> = failures
const areas = [
  httpFailures,
  serviceFailures,
  authFailures,
  userFailures,
  userSettingFailures,
  messageFailures,
  contactFailures,
  inboxFailures,
  groupFailures,
  groupRoleFailures,
  groupRightFailures,
  historyFailures,
  reactionFailures,
  threadFailures,
  fileFailures,
  pushFailures,
  scheduleFailures,
  deviceFailures,
  developerFailures,
]
const tables: Readonly<Record<Wire, Readonly<Record<string, unknown>>>> = {
  easemob: easemobWire,
  jpush: jpushWire,
  neutral: neutralWire,
  msync: msyncWire,
}

test('an id belongs to one area and is written in snake case', () => {
  const ids = areas.flatMap(area => Object.keys(area))
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(ids.sort(), Object.keys(catalogue).sort())
  for (const id of ids) assert.match(id, /^[a-z]+(_[a-z]+)*$/)
})

test('every failure says its cause and remedy in English and Chinese', () => {
  for (const [id, { cause, remedy, unreachable }] of Object.entries(catalogue)) {
    for (const text of [cause, remedy, ...(unreachable ? [unreachable] : [])]) {
      assert.match(text.en, /[a-z]/, id)
      assert.doesNotMatch(text.en, /[\u3000-\u9fff\uff00-\uffef]/, id)
      assert.match(text.zh, /[\u4e00-\u9fff]/, id)
    }
  }
})

test('a wire table answers the failures of its dialect and no others', () => {
  for (const [dialect, table] of Object.entries(tables)) {
    const wanted = Object.entries(catalogue).filter(([, failure]) =>
      failure.dialects.includes(dialect as Wire),
    )
    assert.deepEqual(Object.keys(table).sort(), wanted.map(([id]) => id).sort(), dialect)
  }
})

test('a text uses only the parameters of its failure, and every parameter is used in some text', () => {
  const used = new Map<string, Set<string>>()
  const texts = [
    ...easemobVariants.map(({ id, row }) => ({ id: id as string, text: row.text })),
    ...jpushVariants.map(({ id, row }) => ({ id: id as string, text: row.text })),
    ...Object.entries(neutralWire).map(([id, { text }]) => ({ id, text })),
    ...Object.entries(msyncWire).map(([id, { reason }]) => ({ id, text: reason })),
  ]
  for (const { id, text } of texts) {
    const names = used.get(id) ?? new Set()
    for (const [, name] of text.matchAll(/\{(.*?)\}/g)) names.add(name!)
    used.set(id, names)
  }
  for (const [id, { params }] of Object.entries(catalogue)) {
    assert.deepEqual([...used.get(id)!].sort(), [...params].sort(), id)
  }
})

test('texts are plain: straight quotes, no markup, no trace of the inside', () => {
  for (const { id, row } of [...easemobVariants, ...jpushVariants]) {
    assert.doesNotMatch(row.text, /[“”‘’<]|node:|\.ts\b|sqlite/i, id)
  }
})

test('the seed edition of Easemob answers with the statuses of its seed only', () => {
  const listed = new Set<number>(
    statuses.easemob.filter(({ origin }) => origin === 'seed').map(({ status }) => status),
  )
  for (const { id, row, editions } of easemobVariants) {
    if (!editions.includes('seed') || catalogue[id]!.unreachable) continue
    // Range requests are HTTP's own (RFC 9110 §15.5.17); the seed does not know them.
    if (id !== 'range_unsatisfiable') assert.ok(listed.has(row.status), `${id} answers ${row.status}`)
  }
})

test('JPush answers with the statuses of its seed and 408, and numbers of ours begin with 9', () => {
  const listed = new Set<number>(statuses.jpush.map(({ status }) => status))
  for (const { id, row } of jpushVariants) {
    assert.ok(listed.has(row.status), `${id} answers ${row.status}`)
    assert.equal(row.code >= 9000, row.origin === 'extension', id)
  }
  const outside = statuses.jpush.filter(({ origin }) => origin !== 'seed').map(({ status }) => status)
  assert.deepEqual(outside, [408])
})

test('every status that a dialect answers with is explained, and every explained one occurs', () => {
  const occurring = {
    easemob: new Set([200, ...easemobVariants.map(({ row }) => row.status)]),
    jpush: new Set([200, ...jpushVariants.map(({ row }) => row.status)]),
  }
  for (const dialect of ['easemob', 'jpush'] as const) {
    const explained = statuses[dialect].map(({ status }) => status)
    assert.deepEqual(
      explained,
      [...occurring[dialect]].sort((a, b) => a - b),
      dialect,
    )
  }
})

/** The vendor's Admin API says these under 200, and its clients rely on it (jpush.md 5-A30). Nothing else may. */
const under200: ReadonlySet<string> = new Set([
  'certificate_exists',
  'certificate_invalid',
  'admin_app_key_invalid',
  'certificate_missing',
  'app_delete_failed',
])

test('no failure answers 200 but the five of the Admin API', () => {
  const answered = [...easemobVariants, ...jpushVariants].flatMap(({ id, row }) =>
    under200.has(id) && row.status === 200 ? [] : [row.status],
  )
  for (const status of [...answered, ...Object.values(neutralWire).map(row => row.status)])
    assert.ok(status >= 400)
})

test('what may have been executed is repeated under a key only', () => {
  for (const [id, { executed, advice, unreachable }] of Object.entries(catalogue)) {
    if (executed === 'maybe' && !unreachable) assert.equal(advice, 'same-key', id)
    if (advice === 'same-key') assert.equal(executed, 'maybe', id)
  }
})
