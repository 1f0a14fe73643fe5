import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { sharedApp, startApp } from './start-app.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function posthouse(dataDir: string, ...argv: string[]): Promise<Ended> {
  const env = { ...process.env, POSTHOUSE_DATA: dataDir, POSTHOUSE_PORT: '0', POSTHOUSE_MQTT_PORT: '0' }
  return new Promise(resolve => {
    const child = execFile(process.execPath, [main, ...argv], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode!, out, err }),
    )
  })
}

/** For commands that leave a server as they found it. */
const server = sharedApp({}, true)

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-cli-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('an operator makes an app, sees it, changes settings inside others, and deletes it', async () => {
  const { dataDir } = server()
  const made = JSON.parse((await posthouse(dataDir, 'app', 'create', 'acme/shop')).out)
  assert.match(made.app_key, /^[0-9a-f]{24}$/)
  assert.match(
    (await posthouse(dataDir, 'app', 'list')).out,
    /^demo\/chat .*\nacme\/shop .*\n$|^acme\/shop .*\ndemo\/chat .*\n$/,
  )

  const settings =
    'edition=live limits.push_per_minute=7 limits.messages_per_minute=9 ip_allowlist=["127.0.0.1"]'
  const set = JSON.parse((await posthouse(dataDir, 'app', 'set', 'acme/shop', ...settings.split(' '))).out)
  assert.equal(set.edition, 'live')
  assert.equal(set.limits.push_per_minute, 7)
  assert.equal(set.limits.messages_per_minute, 9)
  assert.deepEqual(set.ip_allowlist, ['127.0.0.1'])
  const shown = JSON.parse((await posthouse(dataDir, 'app', 'show', 'acme/shop')).out)
  assert.deepEqual(shown.settings, set)
  assert.equal(shown.master_secret, made.master_secret)

  assert.equal((await posthouse(dataDir, 'app', 'delete', 'acme/shop')).code, 0)
  const gone = await posthouse(dataDir, 'app', 'show', 'acme/shop')
  assert.deepEqual([gone.code, gone.out], [1, ''])
  assert.match(gone.err, /404 app_not_found/)
})

test('an app’s addresses and credentials come as variables for a shell', async () => {
  const { dataDir, demo, easemob, http } = server()
  const { out } = await posthouse(dataDir, 'app', 'show', 'demo/chat', '--shell')
  const shell = `${out}\nprintf '%s|' "$POSTHOUSE_URL" "$APP_URL" "$APP_KEY" "$MASTER_SECRET" "$CLIENT_ID" "$CLIENT_SECRET"`
  const values = await new Promise<string>(resolve => {
    execFile('sh', ['-c', shell], (_error, text) => resolve(text))
  })
  const { app_key, master_secret, client_id, client_secret } = demo
  assert.deepEqual(values.split('|').slice(0, -1), [
    http,
    easemob,
    app_key,
    master_secret,
    client_id,
    client_secret,
  ])
})

test('an operator stops, freezes, drains and runs the core', async () => {
  const app = server()
  const core = async (action: string) => (await posthouse(app.dataDir, 'core', action)).out
  assert.equal(await core('state'), 'the core is running\n')
  for (const [action, state] of [
    ['stop', 'stopped'],
    ['run', 'running'],
    ['freeze', 'frozen'],
    ['drain', 'draining'],
    ['run', 'running'],
  ] as const) {
    assert.equal(await core(action), `the core is ${state}\n`)
    assert.equal((await app.admin('GET', '/core')).state, state)
  }
})

test('a command for a running server says so when none runs, and exits with 3', async t => {
  const folder = makeFolder(t)
  for (const argv of [
    ['app', 'list'],
    ['core', 'state'],
    ['backup', join(folder, 'copy')],
  ]) {
    const { code, out, err } = await posthouse(folder, ...argv)
    assert.deepEqual([code, out], [3, ''])
    assert.match(err, /no server runs on .*start one/)
  }
})

test('a server that was killed is told from one that answers', async t => {
  const folder = makeFolder(t)
  const runtime = { pid: 1, http: 'http://127.0.0.1:1', mqtt: '', admin_token: 'x', apps: [] }
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify(runtime))
  const { code, err } = await posthouse(folder, 'core', 'state')
  assert.equal(code, 3)
  assert.match(err, /does not answer at http:\/\/127\.0\.0\.1:1; if it has crashed, start it again/)
})

test('wrong usage prints how it is used and exits with 2; --help exits with 0', async t => {
  const folder = makeFolder(t)
  const wrong = [
    [],
    ['nothing'],
    ['app'],
    ['app', 'show'],
    ['app', 'show', 'demo'],
    ['app', 'set', 'demo/chat', 'edition'],
    ['core', 'jump'],
    ['backup'],
    ['restore', 'a', 'b'],
    ['start', '--role', 'core'],
  ]
  for (const argv of wrong) {
    const { code, out, err } = await posthouse(folder, ...argv)
    assert.deepEqual([code, out], [2, ''], argv.join(' '))
    assert.match(err, /posthouse /, argv.join(' '))
  }
  assert.match((await posthouse(folder, '--help')).out, /Usage: posthouse COMMAND[\s\S]*restore/)
  for (const command of ['start', 'app', 'core', 'backup', 'restore', 'explain']) {
    const { code, out } = await posthouse(folder, command, '--help')
    assert.equal(code, 0)
    assert.match(out, new RegExp(`^posthouse ${command}`))
  }
})

test('explain finds a code', async t => {
  const { code, out } = await posthouse(makeFolder(t), 'explain', '1011', '--lang', 'en')
  assert.equal(code, 0)
  assert.match(out, /audience_empty/)
})

test('a second server on the same data folder is refused, with 3', async () => {
  const { dataDir } = server()
  const { code, err } = await posthouse(dataDir, 'start')
  assert.equal(code, 3)
  assert.match(err, /another server uses/)
})

test('a start on a taken port says which one and exits', async t => {
  const { http } = server()
  const { port } = new URL(http)
  const env = {
    ...process.env,
    POSTHOUSE_DATA: makeFolder(t),
    POSTHOUSE_PORT: port,
    POSTHOUSE_MQTT_PORT: '0',
  }
  const ended = await new Promise<Ended>(resolve => {
    const child = execFile(process.execPath, [main, 'start'], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode!, out, err }),
    )
  })
  assert.equal(ended.code, 1)
  assert.match(ended.err, new RegExp(`port ${port}: another program does`))
})

test('a backup is whole, private and never written over a file that is there', async t => {
  const app = server()
  const file = join(makeFolder(t), 'copy.db')
  await app.admin('POST', '/apps', { org: 'acme', app: 'kept' })
  assert.match((await posthouse(app.dataDir, 'backup', file)).out, /^\/.*copy\.db: \d+ bytes\n$/)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(appsIn(file), ['acme/kept', 'demo/chat'])

  await app.admin('DELETE', '/apps/acme/kept')
  const again = await posthouse(app.dataDir, 'backup', file)
  assert.equal(again.code, 1)
  assert.match(again.err, /request_invalid.*EEXIST/)
  assert.deepEqual(appsIn(file), ['acme/kept', 'demo/chat'])
  assert.deepEqual(readdirSync(join(file, '..')), ['copy.db'])
  assert.equal((await posthouse(app.dataDir, 'backup', '/nowhere/at/all')).code, 1)
})

test('a restored backup takes the place of the database, which is kept beside it', async t => {
  const folder = makeFolder(t)
  const app = await startApp(t, { POSTHOUSE_DATA: folder })
  const file = join(makeFolder(t), 'copy.db')
  await app.admin('POST', '/apps', { org: 'acme', app: 'early' })
  await posthouse(folder, 'backup', file)
  await app.admin('POST', '/apps', { org: 'acme', app: 'late' })

  const running = await posthouse(folder, 'restore', file)
  assert.equal(running.code, 3)
  assert.match(running.err, /another server uses/)
  assert.equal((await app.admin('GET', '/apps/acme/late')).app, 'late')

  await app.close()
  const restored = await posthouse(folder, 'restore', file)
  assert.equal(restored.code, 0, restored.err)
  const kept = /kept as (\S+)/.exec(restored.out)![1]!
  assert.deepEqual(appsIn(kept), ['acme/early', 'acme/late', 'demo/chat'])
  assert.deepEqual(appsIn(file), ['acme/early', 'demo/chat'])

  const revived = await startApp(t, { POSTHOUSE_DATA: folder })
  assert.equal((await revived.admin('GET', '/apps')).apps.length, 2)
  assert.equal(revived.runtime.admin_token, app.runtime.admin_token)
})

test('restore works on a folder that held nothing', async t => {
  const file = join(makeFolder(t), 'copy.db')
  await posthouse(server().dataDir, 'backup', file)
  const folder = join(makeFolder(t), 'new')
  const { code, out } = await posthouse(folder, 'restore', file)
  assert.equal(code, 0)
  assert.doesNotMatch(out, /kept/)
  assert.deepEqual(appsIn(join(folder, 'posthouse.db')), ['demo/chat'])
})

test('what is no usable backup is refused with 4 and changes nothing', async t => {
  const folder = makeFolder(t)
  const good = join(folder, 'good.db')
  await posthouse(server().dataDir, 'backup', good)
  const broken = {
    'missing.db': () => {},
    'text.db': (file: string) => writeFileSync(file, 'no database at all, but longer than a header'),
    'empty.db': (file: string) => writeFileSync(file, ''),
    'cut.db': (file: string) => {
      writeFileSync(file, readFileSync(good))
      truncateSync(file, statSync(good).size - 8_192)
    },
    'foreign.db': (file: string) => withDatabase(file, db => db.exec('CREATE TABLE t (x TEXT)')),
    'later.db': (file: string) => {
      writeFileSync(file, readFileSync(good))
      withDatabase(file, db => db.exec("INSERT INTO migrations (name) VALUES ('9999-later.sql')"))
    },
  }
  const target = makeFolder(t)
  assert.equal((await posthouse(target, 'restore', good)).code, 0)
  const before = readFileSync(join(target, 'posthouse.db'))
  for (const [name, make] of Object.entries(broken)) {
    make(join(folder, name))
    const { code, err } = await posthouse(target, 'restore', join(folder, name))
    assert.equal(code, 4, `${name}: ${err}`)
    assert.match(err, new RegExp(`${name} is no usable backup: `))
  }
  assert.deepEqual(readFileSync(join(target, 'posthouse.db')), before)
  assert.deepEqual(readdirSync(target).sort(), ['lock', 'posthouse.db'])
})

test('a restore from the files of a killed server brings what its log alone held', async t => {
  const app = await startApp(t)
  await app.admin('POST', '/apps', { org: 'acme', app: 'fresh' })
  const folder = makeFolder(t)
  // What is on the disk at this moment is what a killed server leaves behind.
  for (const part of ['posthouse.db', 'posthouse.db-wal'])
    writeFileSync(join(folder, part), readFileSync(join(app.dataDir, part)))
  const target = join(makeFolder(t), 'new')
  assert.equal((await posthouse(target, 'restore', join(folder, 'posthouse.db'))).code, 0)
  assert.deepEqual(appsIn(join(target, 'posthouse.db')), ['acme/fresh', 'demo/chat'])
})

function appsIn(file: string): string[] {
  return withDatabase(file, db =>
    db
      .prepare('SELECT org, app FROM apps ORDER BY org, app')
      .all()
      .map(({ org, app }) => `${org}/${app}`),
  )
}

function withDatabase<T>(file: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file)
  try {
    return use(database)
  } finally {
    database.close()
  }
}
