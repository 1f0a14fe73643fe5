// The package on the runtimes that it is for, against a real server: a push, a message, two refusals, a server that is not
// there. Here in the Node that the machine has and in Chromium; others by CLIENT_RUNTIMES, as in .ci/run.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { noBrowser, openPage } from '../../test/browser.ts'
import { register } from '../../test/devices.ts'
import { makeEasemobApp } from '../../test/easemob-caller.ts'
import { makeJpushApp } from '../../test/jpush-client.ts'
import { peerCertificate } from '../../test/peers/certificate.ts'
import { sharedApp } from '../../test/start-app.ts'
import { closedPort } from './hostile-server.ts'
import { installedClient, outside } from './installed-client.ts'

const shared = sharedApp()
const installed = installedClient(false)
const script = 'runtime-check.js'

/** Its certificate is its own. */
const distrusted = createServer(peerCertificate(), () => assert.fail('nothing gets here'))
before(() => new Promise<void>(resolve => distrusted.listen(0, '127.0.0.1', resolve)))
after(() => void distrusted.close())

async function makeApps() {
  const server = shared()
  const jpush = await makeJpushApp(server)
  await register(server, jpush, { platform: 'android' })
  const easemob = await makeEasemobApp(server)
  await easemob.register('ann', 'bob')
  return {
    http: server.http,
    closed: `http://127.0.0.1:${await closedPort()}`,
    untrusted: `https://127.0.0.1:${(distrusted.address() as AddressInfo).port}`,
    jpush: { appKey: jpush.app_key, masterSecret: jpush.master_secret },
    easemob: {
      org: easemob.org,
      app: easemob.app,
      clientId: easemob.client_id,
      clientSecret: easemob.client_secret,
    },
  }
}

const wanted = {
  pushed: 'string',
  sent: 'string',
  stored: '你好',
  set: 'a&b=北',
  refused: 'registration_id_invalid rejected nope',
  missing: 'user_unknown rejected',
  unreached: 'connection_not_connected not_sent',
  untrusted: 'connection_untrusted not_sent',
  cancelled: 'connection_cancelled not_sent',
}

const commands = ['node', ...(process.env.CLIENT_RUNTIMES?.split(',') ?? [])]

for (const command of commands) {
  test(`it pushes, chats and fails as it says in ${command}`, async () => {
    const folder = installed()
    copyFileSync(join(import.meta.dirname, script), join(folder, script))
    const text = `
      import { checkRuntime } from './${script}'
      console.log(JSON.stringify(await checkRuntime(${JSON.stringify(await makeApps())})))
    `
    writeFileSync(join(folder, 'check.mjs'), text)
    const [file, ...args] = command.split(' ')
    const options = { cwd: folder, env: outside }
    const { stdout } = await promisify(execFile)(file!, [...args, 'check.mjs'], options)
    const { connectsWithin, ...rest } = JSON.parse(stdout.trim().split('\n').at(-1)!)
    assert.deepEqual(rest, wanted)
    assert.equal(connectsWithin, /node$/.test(command) ? 'function' : 'TypeError')
  })
}

for (const page of ['client.md', 'client.zh.md']) {
  test(`the example of docs/${page} sends a push as it stands there, and says what becomes of another`, async () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', page), 'utf8')
    const [, example] = /```js\n([\s\S]*?)```/.exec(text)!
    assert.ok(example!.trim().split('\n').length <= 20)
    const { http, closed, jpush } = await makeApps()
    const env = { ...outside, APP_KEY: jpush.appKey, MASTER_SECRET: jpush.masterSecret }
    const run = async (baseUrl: string) => {
      writeFileSync(join(installed(), 'send.mjs'), example!.replace('http://127.0.0.1:7080', baseUrl))
      return promisify(execFile)('node', ['send.mjs'], { cwd: installed(), env })
    }
    const { stdout, stderr } = await run(http)
    assert.match(stdout, /^accepted \d+\n$/)
    assert.equal(stderr, '')
    assert.match((await run(closed)).stderr, /GET \/v3\/push\/cid: connection_not_connected.*\[not_sent/)
  })
}

test('in a browser it does so from the server’s own origin, and Easemob’s calls from any', {
  skip: process.env.CLIENT_RUNTIMES
    ? noBrowser
    : 'tried with the other runtimes, when CLIENT_RUNTIMES names them',
}, async t => {
  const folder = installed()
  const dist = join(folder, 'node_modules', 'posthouse-client', 'dist')
  const page = await openPage(t)
  const imports = Object.fromEntries(
    ['index', 'jpush', 'easemob'].map(name => [
      name === 'index' ? 'posthouse-client' : `posthouse-client/${name}`,
      `/client/${name}.js`,
    ]),
  )
  const html = `<!doctype html><title>app</title><script type="importmap">${JSON.stringify({ imports })}</script>`
  await page.route('**/client/**', route => {
    const name = new URL(route.request().url()).pathname.slice('/client/'.length)
    if (name === '') return route.fulfill({ contentType: 'text/html', body: html })
    const file = name === script ? join(import.meta.dirname, script) : join(dist, name)
    return route.fulfill({ contentType: 'text/javascript', body: readFileSync(file, 'utf8') })
  })
  const apps = await makeApps()
  const check = (given: typeof apps) =>
    page.evaluate(async ([path, given]) => (await import(path)).checkRuntime(given), [
      `/client/${script}`,
      given,
    ] as const)
  const elsewhere = new URL(page.url()).origin
  await page.goto(`${apps.http}/client/`)
  // A browser does not tell why there is no answer: the request may have been sent.
  const [unreached, untrusted] = Array(2).fill('connection_reset unknown')
  const hidden = { unreached, untrusted, connectsWithin: 'TypeError' }
  assert.deepEqual(await check(apps), { ...wanted, ...hidden })
  await page.goto(elsewhere)
  const found = await page.evaluate(
    async ([path, { http, easemob }]) => {
      const { EasemobClient, getUser } = await import(path)
      const client = new EasemobClient({ baseUrl: http, ...easemob })
      return (await getUser(client, { username: 'ann' })).username
    },
    ['/client/easemob.js', apps] as const,
  )
  assert.equal(found, 'ann')
})
