// How proofs of the JPush dialect call: as an app of their own.
import { type Received, send } from '../http-client.ts'
import type { ProofApp, Stage } from './proof.ts'

export const push = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }

interface Jpush {
  readonly app: ProofApp
  call(method: string, path: string, body?: object): Promise<Received>
}

/** An app of its own with these settings, and its credentials on every call. */
export async function jpush(stage: Stage, settings?: object): Promise<Jpush> {
  const app = await stage.makeApp(settings)
  const headers = { Authorization: app.basic }
  return {
    app,
    call: (method, path, body) =>
      send(`${stage.app.http}${path}`, { method, headers, ...(body && { body }) }),
  }
}

/** One call of a new app. */
export const called =
  (method: string, path: string, body?: object, settings?: object) =>
  async (stage: Stage): Promise<Received> => {
    const { call } = await jpush(stage, settings)
    return call(method, path, body)
  }
