// An app whose users write to each other, and what a test asks about their messages.
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import type { TestApp } from './start-app.ts'

export const text = { type: 'txt', body: { msg: 'hello' } }

export interface MessagingApp extends EasemobApp {
  /** The app's own. */
  readonly token: string
  /** Sends a text to users. @returns `data` */
  send(to: readonly string[], more?: object): Promise<Record<string, string>>
  /** How many messages wait for each. */
  waiting(...users: string[]): Promise<number[]>
  /** `delivered` or `undelivered`. */
  statusOf(user: string, msgId: string): Promise<string>
  /** Records, oldest first. */
  history(query?: string): Promise<any[]>
}

/** @param names users with password `pw` */
export async function makeMessagingApp(server: TestApp, ...names: string[]): Promise<MessagingApp> {
  const app = await makeEasemobApp(server)
  await app.register(...names)
  const { client_id, client_secret } = app
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const token = ok(await app.open('POST', '/token', grant)).json.access_token
  const get = async (path: string) => ok(await app.call('GET', path)).json
  return {
    ...app,
    token,
    async send(to, more) {
      return ok(await app.call('POST', '/messages/users', { to, ...text, ...more })).json.data
    },
    async waiting(...users) {
      const answers = await Promise.all(users.map(user => get(`/users/${user}/offline_msg_count`)))
      return answers.map(({ data }, index) => data[users[index]!])
    },
    async statusOf(user, msgId) {
      return (await get(`/users/${user}/offline_msg_status/${msgId}`)).data[msgId]
    },
    async history(query = '') {
      return (await get(`/chatmessages?limit=1000${query}`)).entities
    },
  }
}
