// Starts a whole server for a test: own data folder, free ports, closed when the test ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { type RunningApp, startApp as start } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { type Undeclared, undeclaredFailures } from '../src/gateway/undeclared.ts'

export interface TestApp extends RunningApp {
  readonly dataDir: string
  /** The demo app's credentials. */
  readonly demo: RunningApp['runtime']['apps'][number]
  readonly http: string
  /** Base URL of the demo app in the Easemob dialect. */
  readonly easemob: string
  /** Calls the admin API; throws on anything but 200. */
  admin(method: string, path: string, body?: object): Promise<any>
}

const undeclared: Undeclared[] = []
undeclaredFailures.subscribe(message => undeclared.push(message as Undeclared))

/** The refusals so far that their routes had not declared; a server closes with an error while there are any. */
export function takeUndeclared(): Undeclared[] {
  return undeclared.splice(0)
}

interface Shared {
  readonly app: Promise<TestApp>
  readonly closers: (() => Promise<void> | void)[]
  /** Files whose tests are not over. */
  users: number
}

/** Servers of this process that several files share, by how they are set up. */
const sharedApps = new Map<string | symbol, Shared>()

/**
 * One server for all tests of a file, started before the first and closed after the last. Files that run in one process
 * and set it up alike share it, so a test takes apps and users of its own. @param isOwn the tests look at all there is
 */
export function sharedApp(env: Record<string, string> = {}, isOwn = false): () => TestApp {
  const kind = isOwn ? Symbol('own') : JSON.stringify(env)
  let app: TestApp | undefined
  before(async () => {
    let shared = sharedApps.get(kind)
    if (!shared) {
      const closers: Shared['closers'] = []
      shared = { app: startApp({ after: closer => closers.push(closer) }, env), closers, users: 0 }
      sharedApps.set(kind, shared)
    }
    shared.users++
    app = await shared.app
  })
  after(async () => {
    const shared = sharedApps.get(kind)!
    if (--shared.users > 0) return
    for (const close of shared.closers) await close()
  })
  return () => app!
}

interface Scope {
  after(fn: () => Promise<void> | void): void
}

/** @param env `POSTHOUSE_*` variables, as an operator would set them */
export async function startApp(scope: Scope, env: Record<string, string> = {}): Promise<TestApp> {
  const dataDir = env.POSTHOUSE_DATA ?? mkdtempSync(join(tmpdir(), 'posthouse-test-'))
  const app = await start(
    readConfig({
      POSTHOUSE_PORT: '0',
      POSTHOUSE_MQTT_PORT: '0',
      POSTHOUSE_LOG_LEVEL: 'silent',
      POSTHOUSE_SCRYPT_COST: '1024',
      ...env,
      POSTHOUSE_DATA: dataDir,
    }),
  )
  scope.after(async () => {
    await app.close()
    if (!env.POSTHOUSE_DATA) rmSync(dataDir, { recursive: true, force: true })
    const [first] = takeUndeclared()
    if (first) throw new Error(`a route does not declare what it refused: ${JSON.stringify(first)}`)
  })
  const { http, apps, admin_token } = app.runtime
  const demo = apps[0]!
  return {
    ...app,
    dataDir,
    demo,
    http,
    easemob: `${http}/${demo.org}/${demo.app}`,
    async admin(method, path, body) {
      const response = await fetch(`${http}/admin/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${admin_token}` },
        ...(body && { body: JSON.stringify(body) }),
      })
      const answer = await response.json()
      if (response.status !== 200)
        throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
      return answer
    },
  }
}
