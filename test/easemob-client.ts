// An app server's side of the Easemob dialect, for tests: its token, and one call at a time.
import { type Received, send } from './http-client.ts'

export interface EasemobApp {
  /** Base URL in the Easemob dialect. */
  readonly easemob: string
  readonly client_id: string
  readonly client_secret: string
}

export type EasemobClient = (method: string, path: string, body?: object) => Promise<Received>

/** Calls with the app's own token. */
export async function easemobClient({
  easemob,
  client_id,
  client_secret,
}: EasemobApp): Promise<EasemobClient> {
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const { access_token } = (await send(`${easemob}/token`, { body: grant })).json
  const headers = { Authorization: `Bearer ${access_token}` }
  return (method, path, body) => send(easemob + path, { method, headers, ...(body && { body }) })
}

/** The answer of a call that must succeed. */
export async function succeed(answer: Promise<Received>): Promise<any> {
  const { status, text, json } = await answer
  if (status !== 200) throw new Error(`answered ${status} ${text}`)
  return json
}
