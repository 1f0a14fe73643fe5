import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './http-client.ts'
import { startApp } from './start-app.ts'

test("the operator's page is served with its parts, may run nothing but them, and holds no secret", async t => {
  const app = await startApp(t)
  const page = await send(`${app.http}/console`)
  assert.equal(page.status, 200)
  assert.match(page.headers['content-type']!, /^text\/html/)
  assert.match(String(page.headers['content-security-policy']), /default-src 'self'/)
  const parts = [...page.text.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)].map(([, path]) => path)
  assert.equal(parts.length, 3)
  const texts = [
    page.text,
    ...(await Promise.all(parts.map(path => send(app.http + path)))).map(({ text }) => text),
  ]
  for (const secret of [app.runtime.admin_token, app.demo.client_secret, app.demo.master_secret])
    for (const text of texts) assert.ok(text.length > 0 && !text.includes(secret))
})
