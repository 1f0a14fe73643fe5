// `posthouse outbox` on files, in this process: what it prints, what it leaves in the file, how it ends.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runOutbox } from '../src/cli/outbox.ts'
import type { Terminal } from '../src/cli/terminal.ts'
import { makeOutboxFile, openOutboxFile } from '../src/outbox/outbox-file.ts'
import { OutboxDesk, type OutboxItem } from '../src/outbox.ts'
import { ManualClock } from './manual-clock.ts'

const hour = 3_600_000
const push = {
  kind: 'push',
  push: { platform: 'all', audience: { alias: ['ann'] }, notification: { alert: 'hi' } },
} as const
const file = { url: 'http://x/y', filename: 'a.pdf', secret: 'opens-it' }
const message = { kind: 'message', message: { to: { users: ['bob'] }, type: 'file', body: file } } as const
const refused = {
  id: 'audience_empty',
  outcome: 'rejected',
  operation: 'POST /v3/push',
  status: 400,
  code: '1011',
}
const lost = { id: 'connection_reset', outcome: 'unknown', operation: 'POST /v3/push', text: '\u001b[2Jgone' }

async function makeStage(t: TestContext, items: readonly Partial<OutboxItem>[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outbox-cli-'))
  const path = join(folder, 'outbox.db')
  const clock = new ManualClock()
  const now = clock.now()
  const store = makeOutboxFile(path)
  t.after(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })
  const desk = new OutboxDesk({ store, clock })
  const plain = {
    version: 3,
    state: 'dead',
    content: push,
    conversation: '',
    key: 'c',
    keyAt: now,
    createdAt: now,
  } as const
  const rest = {
    changedAt: now,
    dueAt: null,
    expiresAt: now + 7 * 24 * hour,
    tries: 1,
    misses: 0,
    failure: refused,
    result: null,
  }
  if (items.length > 0)
    await desk.import(
      items.map((item, nth) => ({ itemId: `i${nth}`, ...plain, ...rest, ...item }) as OutboxItem),
    )
  const run = async (args: string, world: Partial<Terminal> & { readonly stdin?: string } = {}) => {
    let [out, err] = ['', '']
    const terminal: Terminal = {
      env: { POSTHOUSE_OUTBOX_FILE: path },
      clock,
      user: 'ann',
      isInteractive: false,
      input: (async function* () {
        yield Buffer.from(world.stdin ?? '')
      })(),
      write: async text => {
        out += text
      },
      tell: text => {
        err += text
      },
      ask: () => assert.fail('nobody is there to ask'),
      edit: () => assert.fail('nobody is there to edit'),
      ...world,
    }
    const code = await runOutbox(args.split(' ').filter(Boolean), 'outbox', terminal)
    return { code, out, err }
  }
  const json = async (args: string) => JSON.parse((await run(`${args} --json`)).out)
  const statesNow = async () => (await desk.list({}, 500)).map(({ itemId, state }) => `${itemId} ${state}`)
  return { folder, path, clock, store, desk, run, json, statesNow }
}

test('ls shows what its filter finds and nothing else, page by page', async t => {
  const now = new ManualClock().now()
  const { run } = await makeStage(t, [
    { createdAt: now - 5 * hour },
    { state: 'unknown', failure: lost, conversation: 'c1', createdAt: now - 3 * hour },
    { state: 'waiting', content: message, dueAt: now + hour },
    { content: message, conversation: 'c1' },
  ])
  const cases: [string, string][] = [
    ['', 'i0 i1 i2 i3'],
    ['--state dead', 'i0 i3'],
    ['--state unknown,waiting', 'i1 i2'],
    ['--kind message', 'i2 i3'],
    ['--conversation c1', 'i1 i3'],
    ['--failure connection_reset', 'i1'],
    ['--older 3h', 'i0'],
    ['--newer 3h', 'i1 i2 i3'],
    [`--older ${new Date(now - 4 * hour).toISOString()}`, 'i0'],
    ['--state dead --kind message --conversation c1', 'i3'],
    ['--limit 2', 'i0 i1'],
    ['--limit 2 --after i1', 'i2 i3'],
  ]
  for (const [filter, found] of cases) {
    const { out, code } = await run(`ls ${filter} --json`)
    const ids = out
      .trim()
      .split('\n')
      .map(text => JSON.parse(text).itemId)
    assert.deepEqual([ids.join(' '), code], [found, 0], filter)
  }
  const shown = await run('ls --limit 3')
  assert.match(shown.out, /^ID +STATE +KIND .*\ni0 +dead +push +5h .*audience_empty +alias ann\n/)
  assert.match(shown.out, /i2 +waiting +message +0s +1 +in 1h/)
  assert.equal(shown.err, 'there are more: --after i2\n')
  assert.deepEqual(await run('ls --state sent'), { code: 5, out: '', err: '' })
  assert.equal((await run('ls --count')).out, 'waiting  1\nunknown  1\ndead     2\nall      4\n')
})

test('show says what failed, what to do, whether it may have been sent, and until when its key is known', async t => {
  const now = new ManualClock().now()
  const { run, json } = await makeStage(t, [
    { state: 'unknown', failure: lost, key: 'cid-1', keyAt: now - 20 * hour },
    { content: message },
  ])
  const { out, code } = await run('show i0')
  assert.equal(code, 0)
  assert.match(out, /perhaps: it may have been delivered/)
  assert.match(out, /cid-1, 20h old; a repeat is known by it until .* \(3h more\)/)
  assert.match(out, /what to do +It may have been sent: send it again under its key/)
  assert.match(out, /by hand\n.* import by nobody named \(nothing → unknown\)/)
  assert.ok(!out.includes('\u001b'), 'a server’s text commands no terminal')
  assert.match((await run('show i1 --lang zh')).out, /what to do +检查标签/)
  const look = await json('show i1')
  assert.equal(look.item.content.message.body.secret, '***')
  assert.match(look.remedy, /Check tag, alias/)
  assert.deepEqual(await run('show nope'), { code: 5, out: '', err: 'outbox: there is no item nope\n' })
})

test('many are sent again only when somebody has said yes to their number', async t => {
  const { run, statesNow, desk, clock } = await makeStage(t, [{}, { state: 'sent', failure: null }, {}, {}])
  const before = await statesNow()
  const unasked = await run('resend --state dead')
  assert.equal(unasked.code, 2)
  assert.match(unasked.err, /3 match: 3 dead\n[\s\S]*--yes does it, --dry-run only counts/)
  const dry = await run('resend --state dead --dry-run')
  assert.deepEqual([dry.code, dry.out], [0, '3 of 3 would be sent again\n'])
  const questions: string[] = []
  const answers = (answer: string) => ({
    isInteractive: true,
    ask: async (question: string) => {
      questions.push(question)
      return answer
    },
  })
  assert.equal((await run('resend --state dead', answers('n'))).code, 1)
  assert.deepEqual(await statesNow(), before)
  const done = await run('resend --state dead --rate 30/m --delay 1m --why mended', answers('y'))
  assert.equal(done.code, 0)
  assert.match(done.out, /^3 of 3 sent again\ndue in 1m, the last in 1m 4s\n/)
  assert.deepEqual(questions, Array(2).fill('Send all 3 again? [y/N] '))
  const items = await desk.list({ states: ['pending'] }, 9)
  const dueIn = items.map(({ dueAt }) => dueAt! - clock.now())
  assert.deepEqual(dueIn, [60_000, 62_000, 64_000])
  const rows = await run('log i0')
  assert.match(rows.out.split('\n')[1]!, /i0 {2}resend by ann: mended \(dead → pending\)/)
})

test('what may have been sent keeps a key that is known, and else wants --may-duplicate', async t => {
  const now = new ManualClock().now()
  const old = { state: 'unknown', failure: lost, key: 'old', keyAt: now - 30 * hour } as const
  const { run, json, desk } = await makeStage(t, [
    { ...old, key: 'live', keyAt: now - hour },
    old,
    { ...old, state: 'dead' },
    { ...old, content: message, keyAt: now - hour },
  ])
  const report = await json('resend --state unknown,dead --yes --delay 0s')
  assert.deepEqual(report.outcomes, { done: 1, might_duplicate: 3 })
  assert.deepEqual(
    report.refused,
    ['i1', 'i2', 'i3'].map(itemId => ({ itemId, outcome: 'might_duplicate' })),
  )
  assert.equal((await desk.look('i0'))!.item.key, 'live')
  const partly = await run('resend i1 i2 i0')
  assert.equal(partly.code, 1)
  assert.match(partly.out, /2 not: it may have been sent.*\(--may-duplicate/)
  assert.equal((await run('resend i3 --posthouse')).code, 0)
  // By its turn the server will have forgotten it.
  await desk.undo((await desk.audits({ itemId: 'i0' })).at(-1)!.actionId, [{ itemId: 'i0' }])
  assert.equal((await run('resend i0 --delay 23h')).code, 1)
  assert.equal((await run('resend i1 i2 --may-duplicate')).code, 0)
  const { item, audits } = (await desk.look('i1'))!
  assert.deepEqual([item.state, item.key, audits.at(-1)!.mayDuplicate], ['pending', '', true])
})

test('one that changes after it was counted is left alone, and so is one that comes to match', async t => {
  const { run, desk, statesNow } = await makeStage(t, [{}, {}, { state: 'waiting', dueAt: 9e12 }])
  const ask = async () => {
    await desk.resend([{ itemId: 'i1' }])
    await desk.cancel([{ itemId: 'i2' }])
    return 'y'
  }
  const { code, out } = await run('resend --state dead,cancelled', { isInteractive: true, ask })
  assert.equal(code, 6)
  assert.match(out, /1 of 2 sent again[\s\S]*1 not: another was faster[\s\S]*i1 {2}faster/)
  assert.deepEqual(await statesNow(), ['i0 pending', 'i1 pending', 'i2 cancelled'])
})

test('of two who send the same items again at once, each item is done by one of them', async t => {
  const items = Array.from({ length: 120 }, () => ({}))
  const { path, desk, clock } = await makeStage(t, items)
  const store = openOutboxFile(path)
  t.after(() => store.close())
  const other = new OutboxDesk({ store, clock })
  const targets = Array.from({ length: 100 }, (_, nth) => ({ itemId: `i${nth}`, version: 3 }))
  const [mine, theirs] = await Promise.all([
    desk.resend(targets, { by: 'a' }),
    other.resend(targets, { by: 'b' }),
  ])
  for (const [nth, { outcome }] of mine.entries())
    assert.deepEqual([outcome, theirs[nth]!.outcome].toSorted(), ['done', 'faster'])
  const rows = await desk.audits({}, 500)
  assert.equal(rows.filter(({ action }) => action === 'resend').length, 100)
})

test('an action is undone as long as its items are not tried', async t => {
  const now = new ManualClock().now()
  const { run, json, desk, store, clock, statesNow } = await makeStage(t, [
    {},
    { state: 'unknown', failure: lost, keyAt: now - 30 * hour },
    {},
    { state: 'waiting', dueAt: now + hour },
  ])
  const { actionId } = await json('resend i0 i1 i2 i3 --may-duplicate --delay 30s')
  await store.change((await desk.look('i2'))!.item, { state: 'waiting', dueAt: now + 5_000 }, { now })
  const undone = await run(`undo ${actionId} --why mistaken`)
  assert.equal(undone.code, 6)
  assert.match(undone.out, /2 of 4 as before[\s\S]*i2 {2}too_late\n {2}i3 {2}by_itself/)
  assert.deepEqual(await statesNow(), ['i0 dead', 'i1 unknown', 'i2 waiting', 'i3 pending'])
  // The key that it had got in between makes no repeat harmless.
  clock.advance(1_000)
  assert.equal((await run('resend i1')).code, 1)
  assert.match((await run(`undo ${actionId}`)).out, /0 of 4/)
  const cancelled = await json('cancel i2 i1 i0')
  assert.deepEqual(cancelled.outcomes, { done: 2, ended: 1 })
  assert.equal((await run(`undo ${cancelled.actionId}`)).code, 0)
  assert.deepEqual(await statesNow(), ['i0 dead', 'i1 unknown', 'i2 pending', 'i3 pending'])
})

test('what was never sent is edited: from a file, from standard input, in an editor', async t => {
  const { run, desk, folder } = await makeStage(t, [
    {},
    { state: 'unknown', failure: lost },
    { state: 'sent', failure: null },
  ])
  const content = (alert: string) =>
    JSON.stringify({ ...push, push: { ...push.push, notification: { alert } } })
  const alertOf = async () =>
    JSON.stringify((await desk.look('i0'))!.item.content).match(/"alert":"(\w+)"/)![1]
  writeFileSync(join(folder, 'c.json'), content('one'))
  const done = await run(`edit i0 --content ${join(folder, 'c.json')} --why typo`)
  assert.deepEqual(
    [done.code, done.out, await alertOf()],
    [0, 'i0 is changed; it is sent by: outbox resend i0\n', 'one'],
  )
  assert.equal((await run('edit i0 --content -', { stdin: content('two') })).code, 0)
  assert.equal(await alertOf(), 'two')
  const editor = { isInteractive: true, edit: (text: string) => text.replace('two', 'three') }
  assert.equal((await run('edit i0', editor)).code, 0)
  assert.equal(await alertOf(), 'three')
  const refusals: [string, string, RegExp][] = [
    ['i0', 'x', /not taken/],
    [
      'i0',
      '{"kind":"push","push":{"platform":"all","audience":"all","cid":"c"}}',
      /has its cid from the outbox/,
    ],
    ['i0', JSON.stringify(message), /the item is a push, not a message/],
    ['i0', '{"kind":"message","message":{"to":{"users":[]},"type":"txt","body":{}}}', /list of names/],
    ['i1', content('x'), /may have been sent/],
    ['i2', content('x'), /has been sent/],
  ]
  for (const [itemId, stdin, said] of refusals) {
    const { code, err } = await run(`edit ${itemId} --content -`, { stdin })
    assert.equal(code, 1, stdin)
    assert.match(err, said)
  }
  assert.match((await run('edit i0', { ...editor, edit: text => text })).err, /nothing is changed/)
  const edits = (await desk.audits({ itemId: 'i0' })).filter(({ action }) => action === 'edit')
  assert.deepEqual(
    edits.map(({ actor, reason }) => [actor, reason].join()),
    ['ann,typo', 'ann,', 'ann,'],
  )
})

test('what is exported is put into another outbox as it was, once', async t => {
  const { run, folder, desk } = await makeStage(t, [
    {},
    { state: 'sending', key: 'k' },
    { content: message, state: 'waiting', dueAt: 5 },
  ])
  const [lines, other] = [join(folder, 'items.jsonl'), join(folder, 'other.db')]
  assert.equal((await run(`export --all --out ${lines}`)).out, `3 exported to ${lines}\n`)
  assert.equal(statSync(lines).mode & 0o777, 0o600)
  assert.match((await run(`export --all --out ${lines}`)).err, /exists already/)
  assert.equal((await run(`import ${lines} --file ${other} --dry-run`)).code, 4)
  assert.equal(existsSync(other), false)
  assert.equal((await run(`import ${lines} --file ${other}`)).out, '3 put in, 0 are there already\n')
  assert.equal(statSync(other).mode & 0o777, 0o600)
  assert.equal(
    (await run(`import ${lines} --file ${other} --dry-run`)).out,
    '0 would be put in, 3 are there already\n',
  )
  assert.equal(
    (await run(`import - --file ${other}`, { stdin: readFileSync(lines, 'utf8') })).out,
    '0 put in, 3 are there already\n',
  )
  const all = (await run(`ls --json --file ${other}`)).out
    .trim()
    .split('\n')
    .map(text => JSON.parse(text))
  assert.deepEqual(
    all.map(({ itemId, state }) => `${itemId} ${state}`),
    ['i0 dead', 'i1 unknown', 'i2 waiting'],
  )
  // An export is for another outbox, which has to send it: it hides nothing.
  const exported = (await run('export i2')).out
  assert.deepEqual(JSON.parse(exported), JSON.parse(JSON.stringify((await desk.look('i2'))!.item)))
  writeFileSync(lines, `${exported}{"itemId":"x"}\n`)
  const third = join(folder, 'third.db')
  const bad = await run(`import ${lines} --file ${third}`)
  assert.equal(bad.code, 1)
  assert.match(bad.err, /line 2 is not an item/)
  assert.equal(existsSync(third), false)
})

test('what is used wrongly is said in one line, with its exit code', async t => {
  const { run, folder, path } = await makeStage(t, [{}])
  const text = join(folder, 'text.txt')
  writeFileSync(text, 'no outbox')
  const none = join(folder, 'none.db')
  const cases: [string, number, RegExp][] = [
    ['', 2, /say what to do: ls, show/],
    ['frob', 2, /say what to do/],
    ['ls --frob', 2, /Unknown option '--frob'/],
    ['ls --state lost', 2, /there is no state "lost": pending/],
    ['ls --kind mail', 2, /there is no kind "mail"/],
    ['ls --older soon', 2, /"soon" is no span of time/],
    ['ls --newer 2026-13-45', 2, /is no time/],
    ['ls --limit 0', 2, /--limit wants a whole number/],
    ['show', 2, /give one id/],
    ['show i0 --lang fr', 2, /--lang is en or zh/],
    ['resend', 2, /say which: ids, a filter/],
    ['resend i0 --state dead', 2, /not both/],
    ['resend --kind push --yes', 2, /say which: --state/],
    ['resend --state sent --yes', 2, /none that is sent/],
    ['cancel --state dead --yes', 2, /none that is dead/],
    ['resend i0 --rate fast', 2, /is no rate/],
    ['resend nope', 5, /^$/],
    ['resend --state expired --yes', 5, /nothing matches/],
    ['undo nope', 5, /there is no action nope/],
    ['edit i0', 2, /say --content FILE/],
    ['edit i0 --content /nope', 1, /cannot be read/],
    [`import ${none}`, 1, /there is no file/],
    [`ls --file ${none}`, 4, /there is no file/],
    [`ls --file ${text}`, 4, /is no outbox/],
    [`ls --file ${folder}`, 4, /is no outbox/],
    [`ls --file ${path} --url http://127.0.0.1:9`, 2, /not both/],
    ['ls --url http://127.0.0.1:9', 2, /wants a token/],
    ['ls --url nowhere --token t', 2, /it is no address/],
    ['ls --url http://ann:hush@127.0.0.1 --token t', 2, /holds no password/],
  ]
  for (const [args, code, said] of cases) {
    const { err, ...rest } = await run(args)
    assert.equal(rest.code, code, `${args}: ${err}`)
    assert.match(err, said, args)
    assert.ok(!err.includes('hush') && err.split('\n').length <= 2, err)
  }
  assert.equal(existsSync(none), false)
  assert.match((await run('ls', { env: {} })).err, /say which outbox/)
  const help = await run('resend --help')
  assert.equal(help.code, 0)
  assert.match(help.out, /^outbox ls [\s\S]*Exit codes: {4}0 done/)
})

test('a long run says how far it is', async t => {
  const { run, clock } = await makeStage(
    t,
    Array.from({ length: 250 }, () => ({})),
  )
  const now = () => {
    clock.advance(1_000)
    return clock.now()
  }
  const slow = { now, wait: clock.wait.bind(clock) }
  const { err } = await run('resend --state dead --yes --json', { clock: slow })
  assert.match(err, /^(?:matching: \d+\n|done: \d+ of 250\n)+$/)
})
