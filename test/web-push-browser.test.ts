// The page that makes a browser a device, in Chromium. Headless Chromium has no push service: the subscription is one at
// a push service of the test's, and what came there, decrypted, is given to the service worker by the DevTools protocol.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { noBrowser, openPage } from './browser.ts'
import { basic, send } from './http-client.ts'
import { makeJpushApp } from './jpush-client.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { WebPushPeer } from './peers/web-push-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const shared = sharedApp({
  POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(),
  POSTHOUSE_VENDOR_RETRY_MS: '20',
})

let browser: Browser
const closers: (() => Promise<void> | void)[] = []
before(async () => {
  if (noBrowser) return
  const page = await openPage({ after: closer => closers.push(closer) })
  browser = page.context().browser()!
})
after(async () => {
  for (const close of closers) await close()
})

async function stage(t: TestContext, hasPushService = true) {
  const server = shared()
  const peer = await WebPushPeer.start(t)
  const app = await makeJpushApp(server)
  const { apps } = await server.admin('GET', '/apps')
  const { org, app: name } = apps.find(({ app_key }: any) => app_key === app.app_key)
  const { settings } = await server.admin('PATCH', `/apps/${org}/${name}`, {
    channels: {
      web_push: { subject: 'mailto:ops@example.com', allowed_hosts: [`127.0.0.1:${peer.http.port}`] },
    },
  })
  const publicKey: string = settings.channels.web_push.public_key
  // In a context of its own, with no storage, worker or permission of another test's.
  const page = await browser.newPage()
  t.after(() => page.close())
  await page.context().grantPermissions(['notifications'], { origin: server.http })
  const subscription = peer.subscribe(publicKey)
  if (hasPushService) await page.addInitScript(standIn, subscription.toJSON())
  return { server, peer, app, page, publicKey, subscription }
}

/** Runs in the page: the push service's side of the browser. */
function standIn(json: object): void {
  const { PushManager } = globalThis as any
  let subscription: any = null
  PushManager.prototype.getSubscription = async () => subscription
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }: any) => {
    if (!userVisibleOnly || typeof applicationServerKey !== 'string')
      throw new Error('not as a browser wants it')
    const unsubscribe = async () => {
      subscription = null
      return true
    }
    subscription = { toJSON: () => json, options: {}, unsubscribe }
    return subscription
  }
}

/** What came for the browser goes on to its service worker. */
async function deliver(page: Page, plaintexts: readonly string[]): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const registered = new Promise<string>(resolve => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL.endsWith('/console/'))
      if (found) resolve(found.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  const { origin } = new URL(page.url())
  for (const data of plaintexts)
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
  await session.detach()
}

async function cellsOf(page: Page): Promise<string[][]> {
  return page.$$eval('#pushes tr', rows =>
    rows.map(row => [...(row as any).cells].slice(1).map(cell => cell.textContent)),
  )
}

test('a browser becomes a device, shows what is pushed to it, and stops being one', {
  skip: noBrowser,
}, async t => {
  const { server, peer, app, page, publicKey, subscription } = await stage(t)
  await page.goto(`${server.http}/console/web-push.html#public_key=${publicKey}`)
  await page.fill('[name=app_key]', app.app_key)
  await page.click('#start button')
  await page.waitForSelector('main:not([hidden])')
  const rid = await page.textContent('#registration')
  assert.equal((await app.ok('GET', `/v3/devices/${rid}`)).alias, '')

  const msgId = await app.push({
    platform: 'all',
    audience: { registration_id: [rid] },
    notification: { alert: '你好 <b>web</b>' },
    message: { msg_content: 'beside it' },
  })
  await peer.http.heard(1)
  await until(async () => subscription.waiting.length === 1)
  const plaintext = subscription.decrypt(subscription.waiting[0]!).toString()
  assert.equal(JSON.parse(plaintext).msg_id, msgId)
  await deliver(page, [plaintext, plaintext])
  await page.waitForSelector('#pushes tr')
  assert.deepEqual(await cellsOf(page), [[msgId, '你好 <b>web</b>', 'beside it']])
  const shown = await page.evaluate(async () => {
    const { navigator } = globalThis as any
    const notifications = await (await navigator.serviceWorker.ready).getNotifications()
    return notifications.map(({ title, tag, data }: any) => [title, tag, data.msg_id])
  })
  assert.deepEqual(shown, [['你好 <b>web</b>', msgId, msgId]])

  await page.reload()
  await page.waitForSelector('#pushes tr')
  assert.equal(await page.textContent('#registration'), rid)

  await page.click('#stop')
  await page.waitForSelector('#start:not([hidden])')
  assert.equal((await app.call('GET', `/v3/devices/${rid}`)).status, 400)
})

test('a browser whose address changes tells the server, whether or not the page is open', {
  skip: noBrowser,
}, async t => {
  const { server, app, page, peer, publicKey } = await stage(t)
  await page.goto(`${server.http}/console/web-push.html#public_key=${publicKey}&app_key=${app.app_key}`)
  await page.click('#start button')
  await page.waitForSelector('main:not([hidden])')
  const rid = await page.textContent('#registration')
  const [worker] = page.context().serviceWorkers()
  await page.goto('about:blank')
  const next = peer.subscribe(publicKey)
  await worker!.evaluate(json => {
    const { ExtendableEvent, dispatchEvent } = globalThis as any
    const event = new ExtendableEvent('pushsubscriptionchange')
    dispatchEvent(Object.assign(event, { newSubscription: { toJSON: () => json } }))
  }, next.toJSON())
  await until(async () => {
    await app.push({ platform: 'all', audience: { registration_id: [rid] }, notification: { alert: 'x' } })
    return next.waiting.length > 0
  })
})

test('a device that the server has forgotten can stop, and start again as another', {
  skip: noBrowser,
}, async t => {
  const { server, app, page, publicKey } = await stage(t)
  await page.goto(`${server.http}/console/web-push.html#public_key=${publicKey}&app_key=${app.app_key}`)
  await page.click('#start button')
  await page.waitForSelector('main:not([hidden])')
  const rid = await page.textContent('#registration')
  const { id, password } = await page.evaluate(async () => {
    const { caches } = globalThis as any
    return (await caches.match('/console/web-push/registration')).json()
  })
  const removed = await send(`${server.http}/device/v1/registrations/${id}`, {
    method: 'DELETE',
    headers: { Authorization: basic(id, password) },
  })
  assert.equal(removed.status, 200)
  await page.click('#stop')
  await page.waitForSelector('#start:not([hidden])')
  await page.click('#start button')
  await page.waitForSelector('main:not([hidden])')
  assert.notEqual(await page.textContent('#registration'), rid)
})

test('what goes wrong is said in the page', { skip: noBrowser }, async t => {
  const { server, page, publicKey } = await stage(t)
  await page.goto(`${server.http}/console/web-push.html#public_key=${publicKey}&app_key=nobody`)
  await page.click('#start button')
  await page.waitForSelector('#problem:not([hidden])')
  assert.match((await page.textContent('#problem'))!, /credentials|app ?key/i)
})

test('the page and its worker are served, and may run nothing but their own files', async () => {
  const server = shared()
  for (const [path, type] of [
    ['web-push.html', 'text/html'],
    ['web-push.js', 'text/javascript'],
    ['web-push-store.js', 'text/javascript'],
    ['web-push-worker.js', 'text/javascript'],
  ]) {
    const { status, headers } = await send(`${server.http}/console/${path}`)
    assert.deepEqual([status, headers['content-type']], [200, `${type}; charset=utf-8`])
    assert.match(String(headers['content-security-policy']), /default-src 'self'/)
  }
})

test('Chromium itself takes the public key, and says in the page that it has no push service', {
  skip: noBrowser,
}, async t => {
  const { server, app, page, publicKey } = await stage(t, false)
  const problem = async (key: string) => {
    await page.goto('about:blank')
    await page.goto(`${server.http}/console/web-push.html#public_key=${key}&app_key=${app.app_key}`)
    await page.click('#start button')
    await page.waitForSelector('#problem:not([hidden])')
    return page.textContent('#problem')
  }
  assert.match((await problem(publicKey))!, /^Registration failed/)
  assert.match((await problem('A'.repeat(87)))!, /applicationServerKey is not valid/)
  assert.equal(await page.textContent('#registration'), '')
})
