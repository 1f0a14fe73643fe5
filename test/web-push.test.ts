// Web Push against a push service that checks what RFC 8030 and RFC 8292 ask of an app server.
import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { decrypt } from 'http_ece'
import { decodeJwt } from 'jose'
import { ChannelFault, type Credentials, type Members, type VendorPush } from '../src/channels/channel.ts'
import { webPush } from '../src/channels/web-push.ts'
import { isAllowed, readAllowedHosts } from '../src/channels/web-push-address.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { peerCertificate } from './peers/certificate.ts'
import { cut, type HttpPeerOptions, respond, silence } from './peers/http-peer.ts'
import { type BrowserSubscription, WebPushPeer } from './peers/web-push-peer.ts'

const day = 86_400_000

async function stage(t: TestContext, options: HttpPeerOptions & { timeoutMs?: number } = {}) {
  const peer = await WebPushPeer.start(t, options)
  const clock = new ManualClock(Date.now())
  peer.now = () => clock.now()
  const credentials = credentialsFor(peer)
  const sender = senderWith(t, credentials, clock, options.timeoutMs)
  const browser = peer.subscribe(credentials.shown.public_key as string)
  const send = (push: Partial<VendorPush> = {}, to: BrowserSubscription = browser) =>
    sender.send(addressOf(to), { ...pushAt(clock), ...push })
  return { peer, clock, credentials, sender, browser, send }
}

function credentialsFor(peer: WebPushPeer): Credentials {
  const wanted = { subject: 'mailto:ops@example.com', allowed_hosts: [`127.0.0.1:${peer.http.port}`] }
  return webPush.readCredentials(wanted, undefined)
}

function senderWith(t: TestContext, credentials: Credentials, clock: ManualClock, timeoutMs = 10_000) {
  const surroundings = { now: () => clock.now(), ca: [peerCertificate().cert], timeoutMs }
  const sender = webPush.open(credentials, surroundings)
  t.after(() => sender.close())
  return sender
}

function pushAt(clock: ManualClock): VendorPush {
  return {
    msgId: '72057594037927936',
    platform: 'web',
    notification: { alert: '你好' },
    options: {},
    chainRoot: '',
    sentAt: clock.now(),
    expiresAt: clock.now() + day,
  }
}

/** Through JSON, as it is kept. */
function addressOf(browser: BrowserSubscription): Members {
  return JSON.parse(JSON.stringify(webPush.readAddress(JSON.parse(JSON.stringify(browser)))))
}

/** Any text at all. */
const anyText = fc.array(fc.nat(0x10_ff_ff)).map(points => String.fromCodePoint(...points).toWellFormed())

/** As `fc.webUrl()` makes them; that one takes most of a second to begin. */
const webUrl = fc
  .tuple(fc.constantFrom('http', 'https'), fc.webAuthority(), fc.array(fc.oneof(fc.string(), anyText)))
  .map(([scheme, authority, segments]) => {
    const path = segments.map(segment => `/${encodeURI(segment).replace(/[/?#]/g, encodeURIComponent)}`)
    return `${scheme}://${authority}${path.join('')}`
  })

/** A port that takes connections and says nothing. */
async function listening(t: TestContext, onConnection: () => void): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    onConnection()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, a push reaches the browser as JSON that it alone can read`, async t => {
    const { peer, clock, browser, send } = await stage(t, { protocol })
    const message = { msg_content: 'm', extras: { n: 1 } }
    assert.deepEqual(await send({ message }), { is: 'accepted', status: 201, reason: 'accepted' })
    const [carried] = browser.waiting
    assert.deepEqual(JSON.parse(browser.decrypt(carried!).toString()), {
      msg_id: '72057594037927936',
      notification: { alert: '你好' },
      message,
      sent_at: clock.now(),
      expires_at: clock.now() + day,
    })
    assert.deepEqual(
      [carried?.ttl, carried?.urgency, carried?.sub],
      [86_400, 'high', 'mailto:ops@example.com'],
    )
    assert.equal(peer.http.asked[0]?.version, protocol === 'h2' ? '2.0' : '1.1')
    assert.ok(!carried?.body.includes('alert'))
  })

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, pushes share what connections there are`, async t => {
    const { peer, browser, send } = await stage(t, { protocol })
    for (let n = 1; n <= 20; n++) await send({ msgId: String(n) })
    assert.equal(browser.waiting.length, 20)
    // One is to see which protocol is spoken.
    assert.equal(peer.http.connectionsEver, 2)
  })

test('the cipher is that of RFC 8291: its example decrypts', () => {
  const privateKey = createECDH('prime256v1')
  privateKey.setPrivateKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url')
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3' +
    'jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
  const authSecret = Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url')
  const plaintext = decrypt(Buffer.from(body, 'base64url'), { version: 'aes128gcm', privateKey, authSecret })
  assert.equal(plaintext.toString(), 'When I grow up, I want to be a watermelon')
})

test('a repeat, and what overrides a push, take the place of what waits', async t => {
  const { browser, send } = await stage(t)
  await send()
  await send()
  assert.equal(browser.waiting.length, 1)
  await send({ msgId: '72057594037927999', chainRoot: '72057594037927936' })
  assert.equal(browser.waiting.length, 1)
  assert.match(browser.decrypt(browser.waiting[0]!).toString(), /72057594037927999/)
  await send({ msgId: '72057594037928000' })
  assert.equal(browser.waiting.length, 2)
})

test('one token serves a push service for half a day, and is renewed in time', async t => {
  const { peer, clock, send } = await stage(t)
  const tokens = () => new Set(peer.http.asked.map(({ headers }) => headers.authorization))
  await send()
  clock.advance(10 * 3_600_000)
  await send()
  assert.equal(tokens().size, 1)
  clock.advance(3_600_000)
  assert.equal((await send()).is, 'accepted')
  assert.equal(tokens().size, 2)
  const [first] = tokens()
  const { aud, exp, sub } = decodeJwt(first!.match(/t=([\w.-]+)/)![1]!)
  assert.deepEqual([aud, sub], [peer.http.origin, 'mailto:ops@example.com'])
  assert.ok(exp! * 1_000 <= clock.now() + day)
})

test('a message of 3,993 bytes is carried, one of 3,994 is refused before it is sent', async t => {
  const { peer, browser, send, clock } = await stage(t)
  const { expiresAt, sentAt } = pushAt(clock)
  const empty = { msg_id: '72057594037927936', notification: { alert: '' } }
  const rest = 3_993 - JSON.stringify({ ...empty, sent_at: sentAt, expires_at: expiresAt }).length
  assert.equal((await send({ notification: { alert: 'x'.repeat(rest) } })).is, 'accepted')
  assert.equal(browser.decrypt(browser.waiting[0]!).length, 3_993)
  const outcome = await send({ notification: { alert: 'x'.repeat(rest + 1) } })
  assert.deepEqual(outcome, { is: 'refused', reason: '3994 bytes, not 3993 at most' })
  assert.equal(peer.http.asked.length, 1)
})

test('a push lives at its push service as long as it lives here, and at least a second', async t => {
  const { browser, send, clock } = await stage(t)
  await send({ msgId: '1', expiresAt: clock.now() + 1 })
  await send({ msgId: '2', expiresAt: clock.now() + 100 * day })
  assert.deepEqual(
    browser.waiting.map(({ ttl }) => ttl),
    [1, 28 * 86_400],
  )
  assert.equal((await send({ msgId: '3', expiresAt: clock.now() })).is, 'refused')
})

test('a message for the app alone is less urgent than one for a person, and a push can say how urgent it is', async t => {
  const { browser, send } = await stage(t)
  const message = { msg_content: 'm' }
  await send({ msgId: '1', message, notification: { alert: '' } })
  await send({ msgId: '2', options: { third_party_channel: { web_push: { urgency: 'very-low' } } } })
  await send({ msgId: '3', options: { third_party_channel: { web_push: { urgency: 'whatever' } } } })
  assert.deepEqual(
    browser.waiting.map(({ urgency }) => urgency),
    ['normal', 'very-low', 'high'],
  )
})

test('a message that the page is not there for comes with the notification for that case', async t => {
  const { browser, sender, clock } = await stage(t)
  const { notification: _, ...push } = pushAt(clock)
  const message = { msg_content: 'm' }
  const withThird = { ...push, message, notification3rd: { title: 'T', content: 'C' } }
  await sender.send(addressOf(browser), withThird)
  const { notification } = JSON.parse(browser.decrypt(browser.waiting[0]!).toString())
  assert.deepEqual(notification, { title: 'T', alert: 'C' })
  assert.ok(webPush.carries(withThird) && webPush.carries({ ...push, message }) && !webPush.carries(push))
  assert.ok(!webPush.carries({ ...push, notification: { alert: '' } }))
})

describe('what the push service says', () => {
  test('of a subscription that is gone, or never was, kills the address', async t => {
    const { peer, browser, credentials, send } = await stage(t)
    browser.isGone = true
    const reason = 'there is no such subscription (any more)'
    assert.deepEqual(await send(), { is: 'dead_token', status: 410, reason })
    const elsewhere = await WebPushPeer.start(t)
    const unknown = elsewhere.subscribe(credentials.shown.public_key as string)
    Object.assign(unknown, { endpoint: `${peer.http.origin}/push/nobody` })
    assert.deepEqual(await send({}, unknown), { is: 'dead_token', status: 404, reason })
  })

  test('of a subscription made with another key waits for that device alone', async t => {
    const { peer, send } = await stage(t)
    const other = webPush.readCredentials({ subject: 'https://example.com' }, undefined)
    const outcome = await send({}, peer.subscribe(other.shown.public_key as string))
    assert.ok(outcome.is === 'retry')
    assert.deepEqual([outcome.of, outcome.status, outcome.retryAfterMs], ['device', 403, 1_800_000])
  })

  test('of a token whose time is wrong by its clock waits for that device alone', async t => {
    const { peer, clock, send } = await stage(t)
    peer.now = () => clock.now() + 2 * day
    const outcome = await send()
    assert.ok(outcome.is === 'retry')
    assert.deepEqual([outcome.of, outcome.status], ['device', 401])
  })

  const rows: [number, unknown, Record<string, string>, Record<string, unknown>][] = [
    [200, '', {}, { is: 'accepted', status: 200 }],
    [202, '', {}, { is: 'accepted', status: 202 }],
    [400, '', {}, { is: 'refused', status: 400 }],
    [400, { reason: 'BadWebPushTopic' }, {}, { is: 'refused', reason: 'BadWebPushTopic' }],
    [400, { reason: 'VapidPkHashMismatch' }, {}, { is: 'retry', of: 'device', retryAfterMs: 1_800_000 }],
    [400, '<TITLE>UnauthorizedRegistration</TITLE>', {}, { is: 'retry', of: 'device', status: 400 }],
    [403, { reason: 'BadJwtToken' }, {}, { is: 'retry', of: 'app', retryAfterMs: 1_800_000, status: 403 }],
    [401, { errno: 109, message: 'x' }, {}, { is: 'retry', of: 'device', reason: 'errno 109' }],
    [410, { reason: 'Unregistered' }, {}, { is: 'dead_token', reason: 'Unregistered' }],
    [413, '', {}, { is: 'refused', reason: 'the message is too big' }],
    [429, '', { 'retry-after': '120' }, { is: 'retry', of: 'device', retryAfterMs: 120_000 }],
    [429, '', {}, { is: 'retry', of: 'device', retryAfterMs: undefined }],
    [406, '', { 'retry-after': '900' }, { is: 'retry', of: 'device', retryAfterMs: 900_000 }],
    [500, '', {}, { is: 'retry', of: 'provider', reason: 'the push service fails' }],
    [503, { errno: 201 }, { 'retry-after': '7' }, { is: 'retry', of: 'provider', retryAfterMs: 7_000 }],
    [307, '', { location: 'https://127.0.0.1/elsewhere' }, { is: 'refused', status: 307 }],
    [405, '', {}, { is: 'refused', status: 405 }],
  ]
  for (const [status, body, headers, expected] of rows)
    test(`${status} ${JSON.stringify(body)} is ${expected.is}`, async t => {
      const { peer, send } = await stage(t)
      peer.instead = respond(status, body, headers)
      const outcome: Record<string, unknown> = { ...(await send()) }
      for (const [name, value] of Object.entries(expected)) assert.deepEqual(outcome[name], value, name)
      assert.equal(peer.http.asked.length, 1)
    })

  test('is never repeated where it could hold the endpoint', async t => {
    const { peer, browser, send } = await stage(t)
    peer.instead = respond(400, { reason: `no ${browser.endpoint}`, message: browser.endpoint })
    assert.ok(!JSON.stringify(await send()).includes(new URL(browser.endpoint).pathname))
  })

  test('may be as long as it likes: the status counts', async t => {
    const { peer, send } = await stage(t, { protocol: 'http/1.1' })
    peer.instead = respond(410, 'x'.repeat(1_000_000))
    assert.equal((await send()).is, 'dead_token')
  })
})

describe('the network', () => {
  for (const protocol of ['h2', 'http/1.1'] as const) {
    test(`by ${protocol}, leaves unknown what became of a push whose answer did not come`, async t => {
      const { peer, browser, send } = await stage(t, { protocol, timeoutMs: 300 })
      peer.instead = silence
      assert.deepEqual(await send(), { is: 'unknown', reason: 'no answer in time' })
      peer.instead = cut
      assert.equal((await send()).is, 'unknown')
      peer.instead = undefined
      assert.equal((await send()).is, 'accepted')
      assert.equal(browser.waiting.length, 1)
    })

    test(`by ${protocol}, is tried anew once the push service is back`, async t => {
      const { peer, credentials, clock, browser, send } = await stage(t, { protocol })
      await send()
      const { port } = peer.http
      await peer.http.stop()
      const down = await send()
      assert.ok(down.is === 'retry' || down.is === 'unknown')
      const again = await send()
      assert.ok(again.is === 'retry' && again.of === 'provider')
      assert.match(again.reason, /ECONNREFUSED/)
      const back = await WebPushPeer.start(t, { port, protocol })
      back.now = () => clock.now()
      const same = back.subscribe(credentials.shown.public_key as string)
      assert.equal((await send({}, same)).is, 'accepted')
      assert.equal(browser.waiting.length, 1)
    })
  }

  test('a push service with a certificate of nobody’s is sent nothing', async t => {
    const { credentials, clock, browser, peer } = await stage(t)
    const sender = webPush.open(credentials, { now: () => clock.now(), ca: [], timeoutMs: 1_000 })
    t.after(() => sender.close())
    const outcome = await sender.send(addressOf(browser), pushAt(clock))
    assert.ok(outcome.is === 'retry' && outcome.of === 'provider')
    assert.equal(peer.http.asked.length, 0)
  })

  test('a peer that takes the connection and says nothing costs a bounded wait', async t => {
    const { clock, browser } = await stage(t)
    const port = await listening(t, () => undefined)
    const wanted = { subject: 'mailto:a@example.com', allowed_hosts: [`127.0.0.1:${port}`] }
    const sender = senderWith(t, webPush.readCredentials(wanted, undefined), clock, 200)
    const address = { ...addressOf(browser), endpoint: `https://127.0.0.1:${port}/x` }
    const outcome = await sender.send(address, pushAt(clock))
    assert.deepEqual(outcome, { is: 'retry', of: 'provider', reason: 'no connection in time' })
  })

  test('a sender that is closed sends no more, and says so', async t => {
    const { peer, sender, send } = await stage(t)
    await send()
    await sender.close()
    const outcome = await send()
    assert.ok(outcome.is === 'retry')
    assert.equal(peer.http.asked.length, 1)
    assert.equal(peer.http.connections, 0)
  })
})

describe('an address', () => {
  const browser = () => {
    const keys = createECDH('prime256v1')
    keys.generateKeys()
    return {
      endpoint: 'https://fcm.googleapis.com/fcm/send/abc:def?x=1',
      expirationTime: null,
      keys: { p256dh: keys.getPublicKey('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' },
    }
  }

  test('is kept in one form, whatever the browser pads or adds', () => {
    const { endpoint, keys } = browser()
    const padded = { p256dh: `${keys.p256dh}=`, auth: `${keys.auth}==` }
    assert.deepEqual(webPush.readAddress({ ...browser(), endpoint, keys: padded }), { endpoint, keys })
    assert.equal(webPush.providerOf?.({ endpoint, keys }), 'https://fcm.googleapis.com')
  })

  const { keys } = browser()
  const offCurve = Buffer.from(keys.p256dh, 'base64url')
  offCurve[64]! ^= 1
  const rows: [string, unknown][] = [
    ['nothing', undefined],
    ['a text', 'https://fcm.googleapis.com/x'],
    ['a list', []],
    ['no endpoint', { ...browser(), endpoint: undefined }],
    ['plain HTTP', { ...browser(), endpoint: 'http://fcm.googleapis.com/x' }],
    ['a file', { ...browser(), endpoint: 'file:///etc/passwd' }],
    ['credentials in the URL', { ...browser(), endpoint: 'https://a:b@fcm.googleapis.com/x' }],
    ['a fragment', { ...browser(), endpoint: 'https://fcm.googleapis.com/x#y' }],
    ['an endless URL', { ...browser(), endpoint: `https://fcm.googleapis.com/${'x'.repeat(2_048)}` }],
    ['no keys', { ...browser(), keys: null }],
    ['a short auth', { ...browser(), keys: { ...keys, auth: 'AAAA' } }],
    ['a compressed point', { ...browser(), keys: { ...keys, p256dh: 'A'.repeat(44) } }],
    [
      'a point that is off the curve',
      { ...browser(), keys: { ...keys, p256dh: offCurve.toString('base64url') } },
    ],
    ['a number as key', { ...browser(), keys: { ...keys, p256dh: 7 } }],
  ]
  for (const [name, value] of rows)
    test(`with ${name} is none`, () => {
      assert.throws(() => webPush.readAddress(value), ChannelFault)
    })

  test('whatever it is, is read or refused, never a crash', () => {
    fc.assert(
      fc.property(fc.anything(), webUrl, fc.string(), (value, endpoint, text) => {
        for (const each of [
          value,
          { endpoint, keys: value },
          { endpoint: text, keys: { p256dh: text, auth: text } },
        ])
          assert.throws(() => webPush.readAddress(each), ChannelFault)
      }),
    )
  })
})

describe('allowed hosts', () => {
  const known = webPush.readCredentials({ subject: 'mailto:a@example.com' }, undefined).shown
    .allowed_hosts as string[]
  const rows: [string, readonly string[], boolean][] = [
    ['https://fcm.googleapis.com/x', known, true],
    ['https://FCM.googleapis.com/x', known, true],
    ['https://updates.push.services.mozilla.com/x', known, true],
    ['https://wns2-par02p.notify.windows.com/w', known, true],
    ['https://web.push.apple.com/x', known, true],
    ['https://fcm.googleapis.com:444/x', known, false],
    ['https://fcm.googleapis.com.evil.example/x', known, false],
    ['https://evilfcm.googleapis.com/x', known, false],
    ['https://fcm.googleapis.com./x', known, false],
    ['https://push.services.mozilla.com/x', known, false],
    ['https://evilnotify.windows.com/x', known, false],
    ['https://127.0.0.1/x', known, false],
    ['https://[::1]/x', known, false],
    ['https://169.254.169.254/latest', known, false],
    ['https://2130706433/x', ['127.0.0.1'], true],
    ['https://push.example:8443/x', ['push.example:8443'], true],
    ['https://push.example/x', ['push.example:8443'], false],
    ['https://a.push.example:8443/x', ['*.push.example:8443'], true],
    ['https://[::1]:9/x', ['[::1]:9'], true],
  ]
  for (const [url, list, isIt] of rows)
    test(`${url} is ${isIt ? '' : 'not '}in ${list === known ? 'the known services' : list}`, () => {
      assert.equal(isAllowed(new URL(url), readAllowedHosts(list)), isIt)
    })

  for (const entry of [
    '',
    '*',
    '*.',
    'https://a.example',
    'a.example/x',
    'u@a.example',
    'a b',
    '*.*.example',
    7,
    null,
  ])
    test(`${JSON.stringify(entry)} is no entry`, () => {
      assert.throws(() => readAllowedHosts([entry]), ChannelFault)
    })

  test('a push to another host is refused without a connection to it', async t => {
    const { sender, browser, clock } = await stage(t)
    let connections = 0
    const port = await listening(t, () => connections++)
    const address = { ...addressOf(browser), endpoint: `https://127.0.0.1:${port}/` }
    const outcome = await sender.send(address, pushAt(clock))
    assert.deepEqual(outcome, { is: 'refused', reason: 'the push service is none of allowed_hosts' })
    assert.equal(connections, 0)
  })
})

describe('credentials', () => {
  const subject = 'mailto:ops@example.com'

  test('a key pair is made where none is given, and stays when the rest is changed', () => {
    const made = webPush.readCredentials({ subject }, undefined)
    assert.equal(Buffer.from(made.shown.public_key as string, 'base64url').length, 65)
    assert.ok(!JSON.stringify(made.shown).includes(made.secret.private_key!))
    const changed = webPush.readCredentials({ subject: 'https://example.com/contact' }, made)
    assert.deepEqual(changed.secret, made.secret)
    assert.equal(changed.shown.public_key, made.shown.public_key)
    assert.notDeepEqual(webPush.readCredentials({ subject }, undefined).secret, made.secret)
  })

  test('what was shown can be sent back', () => {
    const made = webPush.readCredentials({ subject }, undefined)
    assert.deepEqual(webPush.readCredentials(made.shown, made), made)
  })

  test('a private key brings its public key along, whatever zeros it begins with', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 30 }), rest => {
        if (rest.every(byte => byte === 0)) return
        const private_key = Buffer.concat([Buffer.alloc(2), rest]).toString('base64url')
        const made = webPush.readCredentials({ subject, private_key }, undefined)
        assert.equal(made.secret.private_key, private_key)
        assert.deepEqual(webPush.readCredentials({ ...made.shown, private_key }, undefined), made)
      }),
      { numRuns: 20 },
    )
  })

  const pair = webPush.readCredentials({ subject }, undefined)
  const rows: [string, Members][] = [
    ['no subject', {}],
    ['an empty subject', { subject: '' }],
    ['a bare address', { subject: 'ops@example.com' }],
    ['a subject with angle brackets', { subject: 'mailto:<ops@example.com>' }],
    ['plain HTTP as subject', { subject: 'http://example.com' }],
    ['a public key alone', { subject, public_key: pair.shown.public_key }],
    ['another public key', { subject, private_key: pair.secret.private_key, public_key: 'B'.repeat(87) }],
    ['a private key of zeros', { subject, private_key: 'A'.repeat(43) }],
    ['a private key in PEM', { subject, private_key: '-----BEGIN PRIVATE KEY-----' }],
    ['a private key that is none', { subject, private_key: 7 }],
    ['no allowed host', { subject, allowed_hosts: [] }],
    ['a member there is not', { subject, sbject: 'x' }],
  ]
  for (const [name, wanted] of rows)
    test(`with ${name} are refused`, () => {
      assert.throws(() => webPush.readCredentials(wanted, undefined), ChannelFault)
    })
})
