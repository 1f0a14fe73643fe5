// Servers with other limits, each lent to one proof after the other.
import { after } from 'node:test'
import { startApp, type TestApp } from '../start-app.ts'

const lent = new Map<string, Promise<TestApp>>()
const closers: (() => Promise<void> | void)[] = []
after(async () => {
  for (const close of closers) await close()
})

/** For a proof that gives the server back as it was; one that breaks something starts its own. */
export function borrow(env: Record<string, string>): Promise<TestApp> {
  const key = JSON.stringify(env)
  const app = lent.get(key) ?? startApp({ after: closer => closers.push(closer) }, env)
  lent.set(key, app)
  return app
}
