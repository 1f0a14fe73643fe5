// Apps (tenants): their names, credentials and settings. All of them are kept in memory, since every command asks.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Config } from '../config.ts'
import type { Edition } from '../contract/failure.ts'
import type { AppCredentials, AppOperations, AppSettings } from '../contract/operations/apps.ts'
import { Refusal } from '../contract/refusal.ts'
import { type AppRow, deleteApp, insertApp, listApps, updateAppSettings } from '../store/apps.ts'
import { deleteCredentialsOfApp } from '../store/channel-credentials.ts'
import type { Db, Sql } from '../store/db.ts'
import { nextInSequence } from '../store/sequences.ts'
import { checkSettings } from './app-settings.ts'
import type { Call } from './call.ts'
import { changeChannels } from './channel-settings.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { uuidV1 } from './uuid.ts'

export interface App extends AppCredentials {
  readonly appId: number
  readonly settings: AppSettings
  readonly createdAt: number
  /** Undefined = every address may call. */
  readonly allowlist: BlockList | undefined
}

/** First path segments of the server itself (DESIGN.md §6). */
const reservedOrgs: ReadonlySet<string> = new Set(
  'v1 v2 v3 admin device console docs healthz readyz metrics openapi.json websocket mqtt easemob'.split(' '),
)

export class Apps {
  readonly #byName = new Map<string, App>()
  readonly #byKey = new Map<string, App>()
  readonly #byId = new Map<number, App>()

  async load(db: Db, config: Config): Promise<void> {
    for (const row of await db.read(sql => listApps(sql))) this.keep(toApp(row, config))
  }

  find(org: string, app: string): App | undefined {
    return this.#byName.get(`${org}/${app}`)
  }

  findByKey(appKey: string): App | undefined {
    return this.#byKey.get(appKey)
  }

  findById(appId: number): App | undefined {
    return this.#byId.get(appId)
  }

  list(): App[] {
    return [...this.#byId.values()]
  }

  /** The edition that an organisation is used to, when all its apps speak one: for names no app of it has. */
  editionOf(org: string): Edition | undefined {
    const editions = new Set<Edition>()
    for (const app of this.#byId.values()) if (app.org === org) editions.add(app.settings.edition)
    const [edition] = editions
    return editions.size === 1 ? edition : undefined
  }

  keep(app: App): void {
    this.#byName.set(`${app.org}/${app.app}`, app)
    this.#byKey.set(app.app_key, app)
    this.#byId.set(app.appId, app)
  }

  forget(app: App): void {
    this.#byName.delete(`${app.org}/${app.app}`)
    this.#byKey.delete(app.app_key)
    this.#byId.delete(app.appId)
  }
}

/** Compares secrets in a time that does not depend on where they differ, or how long they are. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** May this address call? */
export function isAllowed(app: App, ip: string): boolean {
  if (!app.allowlist) return true
  const address = ip.startsWith('::ffff:') ? ip.slice(7) : ip
  const family = isIP(address)
  return family !== 0 && app.allowlist.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

export const appHandlers: Handlers<keyof AppOperations> = {
  'app.create': writes(async (call, { org, app }, sql) => {
    checkName(org, app)
    if (call.world.apps.find(org, app)) throw new Refusal('app_exists', { org, app })
    return credentialsOf(await makeApp(call, sql, org, app))
  }),

  'app.list': reads(async call => ({ apps: call.world.apps.list().map(credentialsOf) })),

  'app.get': reads(async (call, { org, app }) => describe(getApp(call, org, app))),

  'app.change': writes(async (call, { org, app, settings }, sql) =>
    describe(await changeApp(call, sql, getApp(call, org, app), settings)),
  ),

  'app.delete': writes(async (call, { org, app }, sql) => {
    const deleted = getApp(call, org, app)
    await removeApp(call, sql, deleted)
    return credentialsOf(deleted)
  }),

  'app.admit': reads(async () => ({})),
}

/** @throws Refusal `app_exists` */
export async function makeApp(call: Call, sql: Sql, org: string, app: string): Promise<App> {
  const row: AppRow = {
    appId: await nextInSequence(sql, 'apps'),
    org,
    app,
    uuid: uuidV1(call.now),
    clientSecret: `YXA6${randomBytes(20).toString('base64url')}`,
    appKey: randomBytes(12).toString('hex'),
    masterSecret: randomBytes(12).toString('hex'),
    settings: JSON.stringify(checkSettings({}, call.world.config)),
    createdAt: call.now,
    title: null,
    androidPackage: null,
  }
  if (!(await insertApp(sql, row))) throw new Refusal('app_exists', { org, app })
  const made = toApp(row, call.world.config)
  call.afterCommit(() => call.world.apps.keep(made))
  return made
}

/** @throws Refusal `setting_invalid`, `app_not_found` */
export async function changeApp(
  call: Call,
  sql: Sql,
  before: App,
  settings: Partial<AppSettings>,
): Promise<App> {
  const { org, app } = before
  const checked = checkSettings({ ...before.settings, ...settings }, call.world.config, before.settings)
  const channels =
    settings.channels === undefined
      ? before.settings.channels
      : await changeChannels(call, sql, before.appId, checked.channels, before.settings.channels)
  const after = { ...checked, channels }
  const isThere = await updateAppSettings(sql, before.appId, JSON.stringify(after))
  if (!isThere) throw new Refusal('app_not_found', { org, app })
  const changed: App = { ...before, settings: after, allowlist: toAllowlist(after) }
  call.afterCommit(() => call.world.apps.keep(changed))
  return changed
}

/** @throws Refusal `app_not_found` */
export async function removeApp(call: Call, sql: Sql, deleted: App): Promise<void> {
  const { appId, org, app } = deleted
  if (!(await deleteApp(sql, appId))) throw new Refusal('app_not_found', { org, app })
  // Secrets go at once, whatever takes its time.
  await deleteCredentialsOfApp(sql, appId)
  call.afterCommit(() => {
    call.world.apps.forget(deleted)
    call.world.channels.forgetApp(appId)
    call.world.nudge('forget')
  })
}

export function getApp(call: Call, org: string, app: string): App {
  const found = call.world.apps.find(org, app)
  if (!found) throw new Refusal('app_not_found', { org, app })
  return found
}

export function checkName(org: string, app: string): void {
  if (reservedOrgs.has(org.toLowerCase())) throw new Refusal('org_reserved', { org })
  for (const name of [org, app]) if (!isLegalName(name)) throw new Refusal('name_illegal', { name })
}

export function isLegalName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/.test(name)
}

/** Settings that came with a later release have their default. */
function toApp(row: AppRow, config: Config): App {
  const kept = JSON.parse(row.settings) as AppSettings
  const settings = checkSettings(kept, config, kept)
  return {
    appId: row.appId,
    org: row.org,
    app: row.app,
    uuid: row.uuid,
    client_id: `YXA6${Buffer.from(row.uuid.replaceAll('-', ''), 'hex').toString('base64url')}`,
    client_secret: row.clientSecret,
    app_key: row.appKey,
    master_secret: row.masterSecret,
    settings,
    createdAt: row.createdAt,
    allowlist: toAllowlist(settings),
  }
}

function toAllowlist({ ip_allowlist }: AppSettings): BlockList | undefined {
  if (ip_allowlist.length === 0) return undefined
  const list = new BlockList()
  for (const entry of ip_allowlist) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

function credentialsOf(app: App): AppCredentials {
  const { org, uuid, client_id, client_secret, app_key, master_secret } = app
  return { org, app: app.app, uuid, client_id, client_secret, app_key, master_secret }
}

function describe(app: App): AppCredentials & { settings: AppSettings } {
  return { ...credentialsOf(app), settings: app.settings }
}
