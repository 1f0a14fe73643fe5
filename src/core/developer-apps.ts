// What a developer account does with the apps of its organisation (jpush.md §3.5), those that the operator has made among
// them: the account is the organisation's.
import { randomBytes, X509Certificate } from 'node:crypto'
import type { ClientCertificate, DeveloperOperations } from '../contract/operations/developers.ts'
import { Refusal } from '../contract/refusal.ts'
import { type AppRow, countApps, findAppByTitle, findAppRow, nameApp } from '../store/apps.ts'
import type { Sql } from '../store/db.ts'
import { hasRoom, joinGroup } from './app-groups.ts'
import { type App, changeApp, isLegalName, makeApp, removeApp } from './apps.ts'
import type { Call } from './call.ts'
import { developerOf } from './developers.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const developerAppHandlers: Handlers<Extract<keyof DeveloperOperations, `developer_app.${string}`>> = {
  'developer_app.create': writes(async (call, { appName, androidPackage, groupName }, sql) => {
    const { org } = developerOf(call)
    const found = await findNamed(sql, org, appName)
    // What the package is decided when the app was made, as the vendor does: one app is one package.
    if (found && (found.androidPackage ?? androidPackage) !== androidPackage) invalid('android_package')
    if (groupName !== undefined && !(await hasRoom(sql, org, groupName, found?.appId))) invalid('group_name')
    const { developerAppsMax } = call.world.config.core
    if (!found && (await countApps(sql, org)) >= developerAppsMax)
      throw new Refusal('developer_apps_full', { limit: String(developerAppsMax) })
    const { appId, appKey, masterSecret } = found ?? (await makeNamed(call, sql, org, appName))
    if (found?.androidPackage == null) await nameApp(sql, appId, appName, androidPackage)
    if (groupName !== undefined) await joinGroup(sql, org, groupName, appId)
    return { appKey, masterSecret, isNew: !found }
  }),

  'developer_app.delete': writes(async (call, { appKey }, sql) => {
    const app = findOwn(call, appKey)
    if (!app) throw new Refusal('app_delete_failed')
    // Another request of the same commit may have been first.
    await instead({ app_not_found: 'app_delete_failed' }, () => removeApp(call, sql, app))
    return {}
  }),

  'developer_app.check': reads(async (call, { appKey }) => {
    getOwn(call, appKey)
    return {}
  }),

  'developer_app.set_certificates': writes(async (call, { appKey, production, sandbox }, sql) => {
    const app = getOwn(call, appKey)
    const given = {
      ...(production && { production_certificate: production }),
      ...(sandbox && { sandbox_certificate: sandbox }),
    }
    if (areKept(call, app, given)) throw new Refusal('certificate_exists')
    for (const { certificate } of Object.values(given))
      if (!isOfNow(certificate, call.now)) throw new Refusal('certificate_invalid')
    await instead({ app_not_found: 'admin_app_key_invalid', setting_invalid: 'certificate_invalid' }, () =>
      changeApp(call, sql, app, { channels: { apns: given } }),
    )
    return {}
  }),
}

/** By the name a developer account gave it, or, where none has, by that of the operator. */
async function findNamed(sql: Sql, org: string, appName: string): Promise<AppRow | undefined> {
  const titled = await findAppByTitle(sql, org, appName)
  if (titled) return titled
  const made = await findAppRow(sql, org, appName)
  return made?.title === null ? made : undefined
}

/** Names of the vendor's are any text; what can stand in a path is kept as it is. */
async function makeNamed(call: Call, sql: Sql, org: string, appName: string) {
  const isFree = isLegalName(appName) && !(await findAppRow(sql, org, appName))
  const name = isFree ? appName : `app-${randomBytes(6).toString('hex')}`
  const { appId, app_key, master_secret } = await makeApp(call, sql, org, name)
  return { appId, appKey: app_key, masterSecret: master_secret }
}

function findOwn(call: Call, appKey: string): App | undefined {
  const app = call.world.apps.findByKey(appKey)
  return app?.org === developerOf(call).org ? app : undefined
}

/** @throws Refusal `admin_app_key_invalid` */
function getOwn(call: Call, appKey: string): App {
  const app = findOwn(call, appKey)
  if (!app) throw new Refusal('admin_app_key_invalid')
  return app
}

function areKept(call: Call, { appId }: App, given: Readonly<Record<string, ClientCertificate>>): boolean {
  const secret = call.world.channels.credentialsOf(appId, 'apns')?.secret
  return Object.entries(given).every(([name, { certificate }]) => secret?.[name] === certificate)
}

function isOfNow(certificate: string, now: number): boolean {
  try {
    const { validFromDate, validToDate } = new X509Certificate(certificate)
    return validFromDate.getTime() <= now && now < validToDate.getTime()
  } catch {
    return false
  }
}

type Word = 'admin_app_key_invalid' | 'certificate_invalid' | 'app_delete_failed'

/** Refuses in the Admin API's words what others refuse in theirs. */
async function instead(words: Readonly<Record<string, Word>>, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const own = error instanceof Refusal ? words[error.id] : undefined
    throw own === undefined ? error : new Refusal(own)
  }
}

function invalid(name: string): never {
  throw new Refusal('admin_parameter_invalid', { name })
}
