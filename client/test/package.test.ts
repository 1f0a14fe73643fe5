// The package as it is published: packed, installed in an empty folder, used by the Node that the machine has.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { build } from 'esbuild'
import { answer, closedPort, HostileServer } from './hostile-server.ts'
import { installedClient, outside } from './installed-client.ts'

const root = join(import.meta.dirname, '..', '..')
const installed = installedClient(true)

test('it installs alone, and sends a push on the Node that the machine has', async t => {
  assert.deepEqual(
    readdirSync(join(installed(), 'node_modules')).filter(name => !name.startsWith('.')),
    ['posthouse-client'],
  )
  const cid = 'a1b2c3d4e5f60718293a4b5c-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11'
  const server = await HostileServer.start(
    t,
    answer(200, { cidlist: [cid] }),
    answer(502, ''),
    answer(200, { sendno: '0', msg_id: '7' }),
  )
  const script = `
    import { PosthouseError } from 'posthouse-client'
    import { EasemobClient } from 'posthouse-client/easemob'
    import { JpushClient, sendPush } from 'posthouse-client/jpush'
    import { Outbox } from 'posthouse-client/outbox'
    import { PostgresStore } from 'posthouse-client/outbox-postgres'
    const keys = { appKey: 'a1b2c3d4e5f60718293a4b5c', masterSecret: 'x' }
    const client = new JpushClient({ baseUrl: '${server.url}', ...keys, cids: { refillAt: -1 } })
    const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } }
    const { msg_id } = await sendPush(client, { push })
    const classes = [EasemobClient, PosthouseError, Outbox, PostgresStore]
    if (msg_id !== '7' || classes.some(one => typeof one !== 'function')) throw new Error(msg_id)
  `
  writeFileSync(join(installed(), 'send.js'), script)
  const child = spawn('node', ['send.js'], { cwd: installed(), env: outside, stdio: 'inherit' })
  const code = await new Promise(resolve => child.once('exit', resolve))
  assert.equal(code, 0)
  assert.equal(server.asked.length, 3)
})

test('its alerts are signed and its figures counted on the Node that the machine has, and on one that is older', async t => {
  const server = await HostileServer.start(t, answer(200, ''))
  const script = `
    // Node 18 has it in its module alone.
    delete globalThis.crypto
    import { PosthouseError } from 'posthouse-client'
    import { openAlerts, webhookSink } from 'posthouse-client/alerts'
    import { JpushClient, sendPush } from 'posthouse-client/jpush'
    import { Metrics } from 'posthouse-client/metrics'
    import { traceWith } from 'posthouse-client/spans'
    const metrics = new Metrics()
    const secrets = ['whsec_' + btoa('0123456789abcdef01234567')]
    const alerts = await openAlerts({ sinks: [webhookSink({ url: '${server.url}', secrets })] })
    metrics.watch({ alerts })
    const spans = []
    const tracer = traceWith({ startSpan: name => (spans.push(name), { ...span }) })
    const span = { spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }) }
    for (const name of ['setAttributes', 'setStatus', 'recordException', 'end']) span[name] = () => {}
    const observer = [metrics.observe, alerts.observe]
    const baseUrl = 'http://127.0.0.1:${await closedPort()}'
    const client = new JpushClient({ baseUrl, appKey: 'k', masterSecret: 's', observer, tracer, retry: { attempts: 1, unsentRetries: 0 } })
    const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' }, cid: 'c' }
    await sendPush(client, { push }).catch(() => {})
    const closing = await alerts.close()
    const text = await metrics.text()
    if (closing.lost !== 0 || spans.length !== 2 || !text.includes('connection_not_connected')) throw new Error(text)
  `
  writeFileSync(join(installed(), 'watch.js'), script)
  const child = spawn('node', ['watch.js'], {
    cwd: installed(),
    env: outside,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  assert.equal(await new Promise(resolve => child.once('exit', resolve)), 0)
  assert.match(String(server.asked[0]?.headers['webhook-signature']), /^v1,[\w+/]{43}=$/)
})

test('its command asks a service, on the Node that the machine has; a file wants a newer one', async t => {
  const server = await HostileServer.start(t, answer(200, { counts: { dead: 2 } }))
  const command = join(installed(), 'node_modules', '.bin', 'posthouse-outbox')
  const call = async (...args: string[]) => {
    const child = spawn(command, args, {
      cwd: installed(),
      env: { ...outside, POSTHOUSE_OUTBOX_TOKEN: 'hush' },
    })
    const [code, out, err] = await Promise.all([
      new Promise<number | null>(resolve => child.once('exit', resolve)),
      text(child.stdout),
      text(child.stderr),
    ])
    return { code, out, err }
  }
  assert.deepEqual(await call('ls', '--count', '--url', server.url), {
    code: 0,
    out: 'dead  2\nall   2\n',
    err: '',
  })
  assert.equal(server.asked[0]?.headers.authorization, 'Bearer hush')
  writeFileSync(join(installed(), 'outbox.db'), 'SQLite format 3\0')
  const { code, err } = await call('ls', '--file', 'outbox.db')
  assert.equal(code, 1)
  assert.match(err, /^posthouse-outbox: .*(?:node:sqlite|not a database)/)
})

test('the core and a dialect whole are under 40 and 75 KB', () => {
  const dist = join(installed(), 'node_modules', 'posthouse-client', 'dist')
  const bytesOf = (names: readonly string[]): number => {
    const files = new Set(names)
    for (const name of files) {
      const text = readFileSync(join(dist, name), 'utf8')
      for (const [, file] of text.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) files.add(file!)
    }
    return [...files].reduce((sum, name) => sum + statSync(join(dist, name)).size, 0)
  }
  const [jpush, easemob] = [bytesOf(['index.js', 'jpush.js']), bytesOf(['index.js', 'easemob.js'])]
  // Easemob has 160 calls of some 200 bytes each; who bundles an app has those that it uses.
  assert.ok(jpush < 40_000 && easemob < 75_000, `${jpush} ${easemob}`)
})

test('an app that makes one call has nothing of the others when it is bundled', async () => {
  const apps = [
    ['jpush', 'JpushClient, sendPush', '"/v3/push"', '/v3/schedules', 34_000],
    ['easemob', 'EasemobClient, sendMessage', '/messages/users', '/chatrooms/super_admin', 43_000],
  ] as const
  for (const [entry, names, own, other, bytesMax] of apps) {
    const contents = `import { ${names} } from 'posthouse-client/${entry}'; globalThis.x = [${names}]`
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: installed() },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      charset: 'utf8',
    })
    const [{ text }] = outputFiles as [(typeof outputFiles)[number]]
    assert.ok(text.includes(own) && !text.includes(other), entry)
    assert.ok(Buffer.byteLength(text) < bytesMax, `${entry} ${Buffer.byteLength(text)}`)
  }
})

test('its types need nothing but the language’s own', () => {
  const source = `
    import { PosthouseError, type ClientEvent, type Outcome } from 'posthouse-client'
    import { alertRules, dingtalkSink, emailSink, openAlerts, type AlertRule } from 'posthouse-client/alerts'
    import { EasemobClient, sendMessage } from 'posthouse-client/easemob'
    import { JpushClient, sendPush } from 'posthouse-client/jpush'
    import { Metrics } from 'posthouse-client/metrics'
    import { Outbox, type AuditRow } from 'posthouse-client/outbox'
    import { PostgresStore, type PostgresPool } from 'posthouse-client/outbox-postgres'
    import { traceWith, type Tracer } from 'posthouse-client/spans'
    declare const tracer: Tracer
    declare const transport: { sendMail(mail: { to: string }): Promise<{ messageId: string }> }
    const slow: AlertRule = { name: 'slow', severity: 'ticket', matches: (event: ClientEvent) => event.is === 'call' && event.ms > 5_000 }
    const fallback = emailSink({ transport, from: 'a@example.org', to: 'b@example.org' })
    const sinks = [dingtalkSink({ url: 'https://oapi.dingtalk.com/robot/send?access_token=x', secret: 'SEC' })]
    export const alerts = openAlerts({ sinks, fallback, rules: [slow, ...alertRules] })
    const watched = { observer: new Metrics().observe, tracer: traceWith(tracer) }
    import { outboxHandler, RemoteDesk, toNodeListener } from 'posthouse-client/outbox-handler'
    const desk = new RemoteDesk({ url: 'http://127.0.0.1:9', token: 't' })
    export const listener = toNodeListener(outboxHandler({ desk }, { token: 'a-token-that-nobody-guesses' }))
    const jpush = new JpushClient({ ...watched, appKey: 'k', masterSecret: 's', timeouts: { callMs: 1_000 } })
    export async function putIn(pool: PostgresPool): Promise<readonly AuditRow[]> {
      const store = await PostgresStore.open({ pool })
      const outbox = new Outbox({ store, jpush })
      // @ts-expect-error one place, not two
      new Outbox({ store, path: 'outbox.db' })
      await store.sendIn(await pool.connect(), { kind: 'push', push: { platform: 'all', audience: 'all' } })
      return outbox.audits()
    }
    const chat = new EasemobClient({ baseUrl: 'https://a1.easemob.com', org: 'o', app: 'a', clientId: 'c', clientSecret: 's' })
    export async function send(): Promise<Outcome> {
      try {
        const { msg_id } = await sendPush(jpush, { push: { platform: 'all', audience: { tag: ['vip'] }, message: { msg_content: 'x' } } })
        const { ids } = await sendMessage(chat, { to: { users: ['bob'] }, type: 'txt', body: { msg: msg_id } })
        return ids.bob ? 'accepted' : 'rejected'
      } catch (error) {
        // @ts-expect-error a push has an audience
        sendPush(jpush, { push: { platform: 'all' } })
        if (error instanceof PosthouseError) return error.outcome
        throw error
      }
    }
  `
  writeFileSync(join(installed(), 'use.ts'), source)
  const options = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
  ]
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), [...options, '--types', '', 'use.ts'], {
    cwd: installed(),
    stdio: 'inherit',
  })
})
