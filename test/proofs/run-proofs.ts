import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, send } from '../http-client.ts'
import { sharedApp, startApp, type TestApp } from '../start-app.ts'
import { normalise, type Proof, type ProofApp, type Stage } from './proof.ts'

/** Registers one test a proof; they share one server. */
export function runProofs(proofs: readonly Proof[]): void {
  // A file without a test would wait for its server for ever.
  if (proofs.length === 0) throw new Error('there are no proofs to run')
  const shared = sharedApp()
  for (const proof of proofs) {
    const edition = proof.edition === 'live' ? ', live' : ''
    test(`${proof.title} (${proof.dialect}${edition}: ${proof.failure})`, async t => {
      const stage: Stage = {
        app: shared(),
        start: env => startApp(t, env),
        makeApp: settings => makeApp(shared(), `app${++lastApp}`, settings),
      }
      const { status, headers, text } = await proof.provoke(stage)
      assert.equal(normalise(text), proof.body)
      assert.equal(status, proof.status)
      assert.match(headers['content-type'] ?? '', /^application\/json/)
      for (const [name, wanted] of Object.entries(proof.headers ?? {})) {
        const value = headers[name.toLowerCase()]
        if (wanted === null) assert.equal(value, undefined, name)
        else if (typeof wanted === 'string') assert.equal(value, wanted, name)
        else assert.match(String(value), wanted, name)
      }
    })
  }
}

let lastApp = 0

async function makeApp(shared: TestApp, name: string, settings?: object): Promise<ProofApp> {
  const made = await shared.admin('POST', '/apps', { org: 'proof', app: name })
  if (settings) await shared.admin('PATCH', `/apps/proof/${name}`, settings)
  const easemob = `${shared.http}/proof/${name}`
  return {
    ...made,
    easemob,
    basic: basic(made.app_key, made.master_secret),
    bearer: async () => {
      const { client_id, client_secret } = made
      const grant = { grant_type: 'client_credentials', client_id, client_secret }
      return `Bearer ${(await send(`${easemob}/token`, { body: grant })).json.access_token}`
    },
  }
}
