// Each sink against a peer that keeps to its vendor's protocol: it checks the signature, and says what is wrong in a 200.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { hmacOf } from '../src/alerts/sinks/hmac.ts'
import { wordsOf } from '../src/alerts/sinks/words.ts'
import {
  type Alert,
  type AlertMessage,
  type AlertSink,
  alertRules,
  dingtalkSink,
  emailSink,
  feishuSink,
  SinkError,
  slackSink,
  webhookSink,
  wecomSink,
} from '../src/alerts.ts'
import { type Asked, answer, closedPort, HostileServer, type Script } from './hostile-server.ts'

const now = Date.UTC(2026, 0, 5, 12)
const key = '693a91f6-7e0c-4bc4-97a0-0ec2f1fa5aaa'

function alertOf(nth: number, more: Partial<Alert> = {}): Alert {
  return {
    key: `k${nth}`,
    rule: 'auth',
    severity: 'page',
    state: 'firing',
    dialect: 'jpush',
    host: 'api.jpush.cn',
    operation: 'POST /v3/push',
    id: 'credentials_wrong',
    text: 'Authen failed <!channel> `x`',
    advice: 'page-a-human',
    count: 12,
    startedAt: now - 60_000,
    lastAt: now,
    ...more,
  }
}

const message: AlertMessage = {
  messageId: '0b5f1a2c-0000-4000-8000-000000000001',
  severity: 'page',
  dialect: 'jpush',
  host: 'api.jpush.cn',
  at: now,
  alerts: [alertOf(1)],
}

function send(sink: AlertSink, one: AlertMessage = message) {
  return sink.send(one, { now, signal: new AbortController().signal })
}

async function failureOf(sink: AlertSink, one?: AlertMessage): Promise<SinkError> {
  try {
    await send(sink, one)
  } catch (error) {
    assert.ok(error instanceof SinkError, String(error))
    assert.doesNotMatch(error.message, new RegExp(`${key}|SECabc|\\?|sign=`))
    return error
  }
  assert.fail('it was taken')
}

/** Says what the peer finds wrong; undefined: nothing. */
type Check = (asked: Asked, body: ReturnType<typeof JSON.parse>) => unknown

/** Has `checked` answered by the peer, unless it is told to answer otherwise. */
async function makePeer(t: TestContext, path: string, checked: Check, good: string | object) {
  let otherwise: Script | undefined
  const server = await HostileServer.start(t, (socket, asked) => {
    const wrong = checked(asked, JSON.parse(asked.body))
    const script = otherwise ?? answer(200, wrong ?? good)
    script(socket, asked)
  })
  const answerWith = (script: Script | undefined) => {
    otherwise = script
  }
  return { url: server.url + path, server, answerWith, last: () => JSON.parse(server.asked.at(-1)!.body) }
}

/** What is the same for all: who cannot be reached or has trouble is asked again, a redirect and a 4xx are final. */
async function checkCommon(peer: Awaited<ReturnType<typeof makePeer>>, make: (url: string) => AlertSink) {
  const finals: readonly [script: Script, isFinal: boolean, retryAfterMs: number][] = [
    [answer(500, 'oops'), false, 0],
    [answer(503, '', { 'Retry-After': '7' }), false, 7_000],
    [answer(429, 'slow', { 'Retry-After': '30' }), false, 30_000],
    [answer(302, '', { Location: 'http://127.0.0.1/login' }), true, 0],
    [answer(403, `no ${key}`), true, 0],
    [socket => void socket.destroy(), false, 0],
  ]
  for (const [script, isFinal, retryAfterMs] of finals) {
    peer.answerWith(script)
    const failure = await failureOf(make(peer.url))
    assert.deepEqual([failure.isFinal, failure.retryAfterMs], [isFinal, retryAfterMs], failure.message)
  }
  peer.answerWith(undefined)
  const { pathname, search } = new URL(peer.url)
  const nowhere = `http://127.0.0.1:${await closedPort()}${pathname}${search}`
  assert.equal((await failureOf(make(nowhere))).isFinal, false)
  assert.throws(
    () => make(`not an address ${key}`),
    (error: Error) => error instanceof TypeError && !error.message.includes(key),
  )
}

const hmac = (secret: string | Buffer, text: string) =>
  createHmac('sha256', secret).update(text).digest('base64')

test('a webhook is signed by Standard Webhooks, under each of its secrets', async t => {
  const bytes = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const old = Buffer.alloc(32, 7)
  const peer = await makePeer(
    t,
    `/alerts/${key}`,
    ({ headers, body }) => {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers
      assert.equal(Number(at), now / 1_000)
      assert.deepEqual(
        String(signatures).split(' '),
        [bytes, old].map(secret => `v1,${hmac(secret, `${id}.${at}.${body}`)}`),
      )
    },
    '',
  )
  const secrets = [`whsec_${bytes.toString('base64')}`, `whsec_${old.toString('base64')}`]
  const make = (url: string) => webhookSink({ url, secrets })
  await send(make(peer.url))
  assert.equal(peer.server.asked[0]?.headers['webhook-id'], message.messageId)
  assert.deepEqual(peer.last(), {
    type: 'alert.firing',
    timestamp: '2026-01-05T12:00:00.000Z',
    data: message,
  })
  await send(make(peer.url), { ...message, alerts: [alertOf(1, { state: 'resolved' })] })
  assert.equal(peer.last().type, 'alert.resolved')
  await checkCommon(peer, make)
  assert.throws(
    () => webhookSink({ url: peer.url, secrets: ['whsec_c2hvcnQ='] }),
    (error: Error) => error instanceof TypeError && !error.message.includes('c2hvcnQ'),
  )
})

test('a signature is the one that the Standard Webhooks libraries give their example', async () => {
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const signed = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
  assert.equal(await hmacOf(new Uint8Array(secret), signed), 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('DingTalk gets a signed markdown message, and has taken it only with errcode 0', async t => {
  const secret = 'SECabcdef0123456789'
  let sent = 0
  const peer = await makePeer(
    t,
    `/robot/send?access_token=${key}`,
    ({ path }, { msgtype, markdown }) => {
      const query = new URL(path, 'http://x').searchParams
      const at = query.get('timestamp')
      assert.equal(query.get('access_token'), key)
      if (Math.abs(Number(at) - now) > 3_600_000) return { errcode: 310000, errmsg: 'invalid timestamp' }
      if (query.get('sign') !== hmac(secret, `${at}\n${secret}`))
        return { errcode: 310000, errmsg: 'sign not match' }
      if (msgtype !== 'markdown' || !markdown.title || !markdown.text)
        return { errcode: 400105, errmsg: 'unsupported' }
      if (++sent > 20) return { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }
      return undefined
    },
    { errcode: 0, errmsg: 'ok' },
  )
  const make = (url: string) => dingtalkSink({ url, secret, mentions: ['13800000000'] })
  await send(make(peer.url))
  const { markdown, at } = peer.last()
  assert.equal(markdown.title, '[PAGE] Posthouse: 1 firing (jpush api.jpush.cn)')
  assert.match(markdown.text, /\*\*credentials_wrong\*\* POST \/v3\/push, 12 × since 2026-01-05 11:59:00 UTC/)
  assert.match(markdown.text, /The server refuses the credentials\. {2}\nAuthen failed ‹!channel› 'x'/)
  assert.match(markdown.text, /@13800000000$/)
  assert.deepEqual(at, { atMobiles: ['13800000000'], isAtAll: false })
  const unsigned = await failureOf(dingtalkSink({ url: peer.url, secret: 'SECabc' }))
  assert.deepEqual([unsigned.isFinal, unsigned.message], [true, '310000 sign not match'])
  for (let nth = 0; nth < 19; nth++) await send(make(peer.url))
  const fast = await failureOf(make(peer.url))
  assert.deepEqual([fast.isFinal, fast.retryAfterMs], [false, 60_000])
  assert.equal(make(peer.url).perMinute, 20)
  peer.answerWith(answer(200, '<html>Welcome to the hotel</html>'))
  assert.equal((await failureOf(make(peer.url))).isFinal, false)
  peer.answerWith(answer(200, { errcode: 300001, errmsg: `token ${key} is not exist` }))
  assert.equal((await failureOf(make(peer.url))).isFinal, true)
  await checkCommon(peer, make)
})

test('WeCom gets markdown of at most 4,096 bytes, and has taken it only with errcode 0', async t => {
  let sent = 0
  const peer = await makePeer(
    t,
    `/cgi-bin/webhook/send?key=${key}`,
    ({ path }, { msgtype, markdown }) => {
      if (!path.endsWith(key)) return { errcode: 93000, errmsg: 'invalid webhook url' }
      if (msgtype !== 'markdown') return { errcode: 40008, errmsg: 'invalid message type' }
      if (Buffer.byteLength(markdown.content) > 4_096)
        return { errcode: 40058, errmsg: 'markdown.content exceed max length 4096' }
      if (++sent > 20) return { errcode: 45009, errmsg: 'api freq out of limit' }
      return undefined
    },
    { errcode: 0, errmsg: 'ok' },
  )
  const make = (url: string) => wecomSink({ url, language: 'zh', heading: '订单', mentions: ['ann'] })
  const alerts = Array.from({ length: 100 }, (_, nth) => alertOf(nth, { text: '认证失败'.repeat(60) }))
  await send(make(peer.url), { ...message, alerts })
  const { content } = peer.last().markdown
  assert.match(content, /^### \[紧急\] 订单: 100 项告警 \(jpush/)
  assert.match(content, /另有 \d+ 项\n\n<@ann>$/)
  const wrong = await failureOf(wecomSink({ url: `${peer.url}x` }))
  assert.deepEqual([wrong.isFinal, wrong.message], [true, '93000 invalid webhook url'])
  for (let nth = 0; nth < 19; nth++) await send(make(peer.url))
  const fast = await failureOf(make(peer.url))
  assert.deepEqual([fast.isFinal, fast.retryAfterMs], [false, 60_000])
  await checkCommon(peer, make)
})

test('Feishu gets a signed card of at most 20 KB, and has taken it only with code 0', async t => {
  const secret = 'SECabcdef'
  const peer = await makePeer(
    t,
    `/open-apis/bot/v2/hook/${key}`,
    ({ body }, { timestamp, sign, msg_type, card }) => {
      const isSigned = sign === hmac(`${timestamp}\n${secret}`, '')
      if (!isSigned || Math.abs(Number(timestamp) * 1_000 - now) > 3_600_000)
        return { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' }
      if (msg_type !== 'interactive' || !card.header.title.content || Buffer.byteLength(body) > 20_480)
        return { code: 9499, msg: 'Bad Request' }
      return undefined
    },
    { code: 0, msg: 'success', data: {}, StatusCode: 0, StatusMessage: 'success' },
  )
  const make = (url: string) => feishuSink({ url, secret, mentions: ['all'] })
  await send(make(peer.url))
  const { header, elements } = peer.last().card
  assert.deepEqual(header, {
    title: { tag: 'plain_text', content: '[PAGE] Posthouse: 1 firing (jpush api.jpush.cn)' },
    template: 'red',
  })
  assert.match(elements[0].text.content, /<at id=all><\/at>$/)
  await send(make(peer.url), { ...message, alerts: [alertOf(1, { state: 'resolved' })] })
  assert.equal(peer.last().card.header.template, 'green')
  const alerts = Array.from({ length: 100 }, (_, nth) => alertOf(nth, { text: '认证失败'.repeat(75) }))
  await send(make(peer.url), { ...message, alerts })
  const unsigned = await failureOf(feishuSink({ url: peer.url, secret: 'SECabc' }))
  assert.deepEqual([unsigned.isFinal, unsigned.message.slice(0, 21)], [true, '19021 sign match fail'])
  const limited = { code: 11232, msg: 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]' }
  for (const script of [
    answer(200, limited),
    answer(400, { code: 9499, msg: 'too many request', data: {} }),
  ]) {
    peer.answerWith(script)
    const fast = await failureOf(make(peer.url))
    assert.deepEqual([fast.isFinal, fast.retryAfterMs], [false, 60_000])
  }
  await checkCommon(peer, make)
})

test('Slack gets blocks in which nobody is called by a server’s text, and has taken them only with «ok»', async t => {
  const peer = await makePeer(
    t,
    `/services/T0/B0/${key}`,
    (_, { text, blocks }) => {
      const [header, section] = blocks
      const isFit = header.text.text.length <= 150 && section.text.text.length <= 3_000
      return text && isFit && !section.text.text.includes('<!channel>') ? undefined : 'invalid_blocks'
    },
    'ok',
  )
  const make = (url: string) => slackSink({ url, mentions: ['here', 'U1'] })
  await send(make(peer.url))
  assert.match(peer.last().blocks[1].text.text, /<!here> <@U1>$/)
  const alerts = Array.from({ length: 100 }, (_, nth) => alertOf(nth, { text: 'a & b '.repeat(50) }))
  await send(make(peer.url), { ...message, alerts })
  for (const [status, text] of [
    [400, 'invalid_payload'],
    [404, 'no_service'],
    [410, 'channel_is_archived'],
  ] as const) {
    peer.answerWith(answer(status, text))
    const failure = await failureOf(make(peer.url))
    assert.deepEqual([failure.isFinal, failure.message], [true, `${status} ${text}`])
  }
  peer.answerWith(answer(200, '<html>'))
  assert.equal((await failureOf(make(peer.url))).isFinal, false)
  await checkCommon(peer, make)
})

/** Takes one mail after another; `refusal` answers the recipient (RFC 5321). */
async function openMailServer(t: TestContext, refusal?: string) {
  const mails: string[] = []
  const server = createServer(socket => {
    let isData = false
    let mail = ''
    socket.on('error', () => {})
    socket.write('220 mail\r\n')
    socket.on('data', chunk => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        if (isData && line !== '.') mail += `${line}\n`
        else if (isData) {
          mails.push(mail)
          isData = false
          socket.write('250 taken\r\n')
        } else if (line.startsWith('DATA')) {
          isData = true
          socket.write('354 go on\r\n')
        } else if (line.startsWith('RCPT') && refusal) socket.write(`${refusal}\r\n`)
        else if (line.startsWith('QUIT')) socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return { mails, transport: createTransport({ host: '127.0.0.1', port, ignoreTLS: true }) }
}

test('a mail goes through nodemailer; what the mail server refuses for good is final, what it puts off is not', async t => {
  const people = { from: 'posthouse@example.org', to: 'ops@example.org' }
  const { mails, transport } = await openMailServer(t)
  await send(emailSink({ transport, ...people }))
  assert.match(mails[0]!, /^Subject: \[PAGE\] Posthouse: 1 firing \(jpush api\.jpush\.cn\)$/m)
  assert.match(mails[0]!, new RegExp(`^Message-ID: <${message.messageId}@posthouse-client>$`, 'm'))
  assert.match(mails[0]!, /credentials_wrong POST \/v3\/push/)
  const refused = await openMailServer(t, '550 no such user')
  assert.equal((await failureOf(emailSink({ transport: refused.transport, ...people }))).isFinal, true)
  const putOff = await openMailServer(t, '451 come back later')
  assert.equal((await failureOf(emailSink({ transport: putOff.transport, ...people }))).isFinal, false)
  const nowhere = createTransport({ host: '127.0.0.1', port: await closedPort(), ignoreTLS: true })
  assert.equal((await failureOf(emailSink({ transport: nowhere, ...people }))).isFinal, false)
})

test('each rule has its words, in both languages', () => {
  const linesOf = (rule: string, language: 'en' | 'zh') => {
    const [line] = wordsOf({ ...message, alerts: [alertOf(1, { rule })] }, { language }, text => text).lines
    return line!.split('\n')
  }
  for (const { name, severity } of alertRules) {
    // What is advised is said by the advice.
    if (severity === 'none' || name === 'advised') continue
    const [english, chinese] = [linesOf(name, 'en')[1], linesOf(name, 'zh')[1]]
    assert.match(String(english), /^[A-Z].*\.$/, name)
    assert.match(String(chinese), /。$/, name)
  }
  assert.equal(linesOf('own', 'en')[1], "Authen failed ‹!channel› 'x'")
})
