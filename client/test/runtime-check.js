// What an app does with the packed client, on whatever runtime imports this: Node, Bun, Deno, a browser.
import { connectWithin, PosthouseError } from 'posthouse-client'
import {
  downloadFile,
  EasemobClient,
  getUser,
  sendMessage,
  setUserAttributes,
  uploadFile,
} from 'posthouse-client/easemob'
import { JpushClient, sendPush } from 'posthouse-client/jpush'

/** @returns what became of each call, in words that are the same everywhere */
export async function checkRuntime({ http, closed, untrusted, jpush, easemob }) {
  const short = { retry: { unsentRetries: 0, attempts: 1 } }
  const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } }
  const pusher = new JpushClient({ baseUrl: http, ...jpush })
  const chat = new EasemobClient({ baseUrl: http, ...easemob, isPosthouse: true })
  const message = { to: { users: ['bob'] }, from: 'ann', type: 'txt', body: { msg: '你好' } }
  const unreached = new JpushClient({ baseUrl: closed, ...jpush, ...short })
  const distrusting = new JpushClient({ baseUrl: untrusted, ...jpush, ...short })
  return {
    pushed: typeof (await sendPush(pusher, { push })).msg_id,
    sent: typeof (await sendMessage(chat, message)).ids.bob,
    stored: await storeFile(chat),
    set: (await setUserAttributes(chat, { username: 'ann', attributes: { sign: 'a&b=北' } })).sign,
    refused: await failureOf(
      sendPush(pusher, { push: { ...push, audience: { registration_id: ['nope'] } } }),
    ),
    missing: await failureOf(getUser(chat, { username: 'nobody' })),
    unreached: await failureOf(sendPush(unreached, { push: { ...push, cid: 'x' } })),
    untrusted: await failureOf(sendPush(distrusting, { push: { ...push, cid: 'x' } })),
    cancelled: await failureOf(getUser(chat, { username: 'ann', signal: AbortSignal.abort() })),
    connectsWithin: canConnectWithin(),
  }
}

async function storeFile(chat) {
  const { fileId, secret } = await uploadFile(chat, { content: '你好', name: 'a.txt' })
  return new TextDecoder().decode((await downloadFile(chat, { fileId, secret })).bytes)
}

async function failureOf(call) {
  try {
    await call
    return 'succeeded'
  } catch (error) {
    if (!(error instanceof PosthouseError)) return String(error)
    const { id, outcome, params } = JSON.parse(JSON.stringify(error))
    return [id, outcome, ...Object.values(params)].join(' ')
  }
}

function canConnectWithin() {
  try {
    return typeof connectWithin(1_000)
  } catch (error) {
    return error.name
  }
}
