// A proof provokes one row of the instant-messaging clients' wire table by its real cause, over their socket.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { FailuresOf } from '../../src/contract/failures.ts'
import { answerWith, CallbackServer } from '../callback-server.ts'
import { ImClient, ImRefusal } from '../im-client.ts'
import { type MessagingApp, makeMessagingApp } from '../messaging.ts'
import { sharedApp, startApp, type TestApp } from '../start-app.ts'

export class MsyncStage {
  readonly #t: TestContext
  readonly #shared: TestApp

  constructor(t: TestContext, shared: TestApp) {
    this.#t = t
    this.#shared = shared
  }

  /** A server of its own, for a proof that needs other limits or breaks something. */
  start(env: Record<string, string>): Promise<TestApp> {
    return startApp(this.#t, env)
  }

  /** An app with these users (password `pw`), on the shared server unless another is given. */
  makeApp(names: readonly string[], server: TestApp = this.#shared): Promise<MessagingApp> {
    return makeMessagingApp(server, ...names)
  }

  /** An app's own server that answers every callback with this. */
  async listenForCallbacks(answer: object): Promise<CallbackServer> {
    const listener = await CallbackServer.start(this.#t)
    listener.answer = answerWith(answer)
    return listener
  }

  async login(app: MessagingApp, username: string, resource?: string): Promise<ImClient> {
    const token = await app.login(username)
    return this.loginWith(app, { username, token, ...(resource !== undefined && { resource }) })
  }

  loginWith(app: MessagingApp, login: Parameters<typeof ImClient.login>[2]): Promise<ImClient> {
    return ImClient.login(this.#t, app, login)
  }
}

export interface MsyncProof {
  readonly failure: FailuresOf<'msync'>
  /** A sentence: `a wrong password answers 1`. */
  readonly title: string
  /** Ends with the ImRefusal. */
  readonly provoke: (stage: MsyncStage) => Promise<unknown>
  readonly code: number
  readonly reason: string
}

/** Registers one test a proof; they share one server. */
export function runMsyncProofs(proofs: readonly MsyncProof[]): void {
  const shared = sharedApp()
  for (const { failure, title, provoke, code, reason } of proofs)
    test(`${title} (msync: ${failure})`, async t => {
      await assert.rejects(provoke(new MsyncStage(t, shared())), new ImRefusal(code, reason))
    })
}
