// The first thing that happens to a command: who is calling, may they, and have they calls left. The order is
// easemob.md §1.7 for tokens and contract.md §3.2 for secrets.

import type {
  AppKeyCaller,
  Caller,
  DeveloperCaller,
  DeviceCaller,
  DoorCaller,
  Need,
  SecretCaller,
  TokenCaller,
} from '../contract/operations/caller.ts'
import type { CallerFacts } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import { findAppGroupByKey } from '../store/app-groups.ts'
import type { Sql } from '../store/db.ts'
import { type DeveloperRow, findDeveloperByKey } from '../store/developers.ts'
import { findUser, findUserById } from '../store/users.ts'
import { type App, isAllowed, isSameSecret } from './apps.ts'
import type { Admission, Principal } from './call.ts'
import { digestOf } from './developers.ts'
import { admitDevice } from './devices.ts'
import type { TokenFacts } from './tokens.ts'
import type { World } from './world.ts'

/** What came of it; `facts` hold whatever is known of the caller, refused or not. */
type Verdict =
  | { readonly admission: Admission; readonly facts: CallerFacts; readonly refusal?: undefined }
  | { readonly admission?: undefined; readonly facts: CallerFacts; readonly refusal: Refusal }

class Facts {
  value: CallerFacts = {}
}

export async function admit(world: World, caller: Caller, sql: Sql): Promise<Verdict> {
  const facts = new Facts()
  try {
    const { app, principal } = await identify(world, caller, sql, facts)
    return { admission: { app, principal, facts: facts.value }, facts: facts.value }
  } catch (error) {
    if (error instanceof Refusal && error.cause === undefined) return { facts: facts.value, refusal: error }
    throw error
  }
}

function identify(world: World, caller: Caller, sql: Sql, facts: Facts): Promise<Omit<Admission, 'facts'>> {
  switch (caller.as) {
    case 'token':
      return admitToken(world, caller, sql, facts)
    case 'secret':
      return admitSecretOf(world, caller, sql, facts)
    case 'developer':
      return admitDeveloper(caller, sql)
    case 'app_key':
      return admitAppKey(world, caller)
    case 'device':
      return admitRegisteredDevice(world, caller, sql)
    case 'door':
      return admitDoor(world, caller)
  }
}

async function admitDoor(world: World, { appId }: DoorCaller) {
  const app = appId === undefined ? undefined : world.apps.findById(appId)
  // The session's app is gone, and with it everything the session may still ask for.
  if (appId !== undefined && !app) throw new Refusal('token_unknown')
  return { app, principal: { is: 'door' } as const }
}

async function admitToken(world: World, caller: TokenCaller, sql: Sql, facts: Facts) {
  const app = world.apps.find(caller.org, caller.app)
  if (app) {
    facts.value = { appUuid: app.uuid, edition: app.settings.edition }
    if (!caller.isCounted) limitCalls(world, app, caller.bucket)
  } else {
    const edition = world.apps.editionOf(caller.org)
    facts.value = edition ? { edition } : {}
  }
  const token = caller.token === undefined ? undefined : readToken(world, caller.token)
  if (!app) throw new Refusal('app_unknown', { org: caller.org, app: caller.app, uri: caller.uri })
  checkBlacklist(app)
  // A user calls from wherever it is; the allow-list is for who brings the app's own credentials.
  if (token?.owner.kind === 'app' || caller.need.is === 'client') checkAddress(app, caller.ip)
  const owner = token && (await ownerOf(world, app, token, sql))
  if (!(await isEnough(app, caller.need, owner, sql))) throw denied(app, caller.need, token !== undefined)
  return { app, principal: owner?.principal ?? ({ is: 'nobody' } as const) }
}

function limitCalls(world: World, app: App, bucket: string): void {
  const perSecond = app.settings.limits.easemob_calls_per_second
  if (perSecond === null) return
  const waitMs = world.quotas.take(`${app.appId} ${bucket}`, perSecond)
  if (waitMs > 0) throw new Refusal('rate_limited', {}, { retryAfterMs: waitMs })
}

function readToken(world: World, text: string): TokenFacts {
  const token = world.tokens.read(text)
  if (token === 'corrupt') throw new Refusal('token_corrupt')
  if (token === 'unknown') throw new Refusal('token_unknown')
  if (token === 'expired') throw new Refusal('token_expired')
  return token
}

interface TokenOwner {
  readonly principal: Principal
  readonly isOfApp: boolean
}

/** A signed token whose owner is gone, deactivated or has revoked it is one this system no longer knows (seed S-12). */
async function ownerOf(
  world: World,
  app: App,
  { owner, issuedAt, expiresAt }: TokenFacts,
  sql: Sql,
): Promise<TokenOwner> {
  if (owner.kind === 'app') {
    if (!world.apps.findById(owner.id)) throw new Refusal('token_unknown')
    return { principal: { is: 'app' }, isOfApp: owner.id === app.appId }
  }
  const user = await findUserById(sql, owner.id)
  const isKnown = user?.activated && issuedAt >= user.tokensFrom && world.apps.findById(user.appId)
  if (!isKnown) throw new Refusal('token_unknown')
  const { uid, username } = user
  const principal: Principal = { is: 'user', uid, username, tokenExpiresAt: expiresAt }
  return { principal, isOfApp: user.appId === app.appId }
}

async function isEnough(app: App, need: Need, owner: TokenOwner | undefined, sql: Sql): Promise<boolean> {
  const isApp = owner?.isOfApp === true && owner.principal.is === 'app'
  switch (need.is) {
    case 'open':
    case 'client':
      return true
    case 'app':
      return isApp
    case 'token':
      return owner?.isOfApp === true
    case 'self':
      return isApp || (owner?.isOfApp === true && (await isSelf(app, need.user, owner.principal, sql)))
    case 'registration':
      return isApp || (app.settings.registration === 'open' && !need.many)
  }
}

/** Is the caller the user that the operation will find under this text? */
async function isSelf({ appId }: App, text: string, principal: Principal, sql: Sql): Promise<boolean> {
  return principal.is === 'user' && (await findUser(sql, appId, text))?.uid === principal.uid
}

function denied(app: App, need: Need, hasToken: boolean): Refusal {
  if (need.is === 'registration' || need.is === 'open' || need.is === 'client')
    return new Refusal('registration_closed')
  const params = { verb: need.verb, application: app.uuid, path: need.path }
  return new Refusal(hasToken ? 'token_insufficient' : 'token_missing', params)
}

async function admitSecretOf(world: World, caller: SecretCaller, sql: Sql, facts: Facts) {
  if (caller.of === 'app_group') return admitGroupSecret(world, caller, sql, facts)
  const isApp = caller.of === undefined || !caller.key || world.apps.findByKey(caller.key) !== undefined
  return isApp ? admitSecret(world, caller, facts) : admitFilesOfDeveloper(world, caller, sql, facts)
}

async function admitSecret(world: World, caller: SecretCaller, facts: Facts) {
  // A header that cannot be read is wrong, not missing (jpush.md §5 A24).
  if (caller.isMalformed) throw new Refusal('credentials_wrong')
  if (!caller.key || !caller.secret) throw new Refusal('credentials_missing')
  const app = world.apps.findByKey(caller.key)
  // The comparison runs for an unknown key as well, so that its time tells nothing.
  const isRight = isSameSecret(caller.secret, app?.master_secret ?? '')
  if (!app || !isRight) throw new Refusal('credentials_wrong')
  facts.value = { appUuid: app.uuid, edition: app.settings.edition }
  checkBlacklist(app)
  checkAddress(app, caller.ip)
  const { isExceeded, ...window } = world.quotas.spend(
    `${app.appId} ${caller.quota}`,
    app.settings.limits[`${caller.quota}_per_minute`],
    caller.isCounted ? 0 : 1,
  )
  facts.value = { ...facts.value, quota: window }
  if (isExceeded) throw new Refusal('rate_limited', {}, { retryAfterMs: window.resetMs })
  const retired = app.settings.retired.find(
    ({ method, path }) => method === caller.method && path === caller.path,
  )
  if (retired) throw new Refusal('retired', { notice: retired.notice })
  return { app, principal: { is: 'app' } as const }
}

async function admitGroupSecret(world: World, caller: SecretCaller, sql: Sql, facts: Facts) {
  if (caller.isMalformed) throw new Refusal('credentials_wrong')
  if (!caller.key || !caller.secret) throw new Refusal('credentials_missing')
  const key = /^group-(.+)$/.exec(caller.key)?.[1]
  const group = key === undefined ? undefined : await findAppGroupByKey(sql, key)
  const isRight = isSameSecret(caller.secret, group?.masterSecret ?? '')
  if (!group || !isRight) throw new Refusal('credentials_wrong')
  const { groupId, org } = group
  const { isExceeded, ...window } = world.quotas.spend(
    `group ${groupId}`,
    world.config.core.groupPushesPerMinute,
    caller.isCounted ? 0 : 1,
  )
  facts.value = { quota: window }
  if (isExceeded) throw new Refusal('rate_limited', {}, { retryAfterMs: window.resetMs })
  return { app: undefined, principal: { is: 'app_group', groupId, org, ip: caller.ip } as const }
}

/** Files are asked for in the words of the push API, whoever asks (jpush.md §3.1.6). */
async function admitFilesOfDeveloper(world: World, caller: SecretCaller, sql: Sql, facts: Facts) {
  if (!caller.key || !caller.secret) throw new Refusal('credentials_missing')
  const developer = await findDeveloperByKey(sql, caller.key)
  const isRight = isSameSecret(digestOf(caller.secret), developer?.secretDigest ?? '')
  if (!developer || !isRight) throw new Refusal('credentials_wrong')
  const { isExceeded, ...window } = world.quotas.spend(
    `developer ${developer.developerId}`,
    world.config.core.developerFilesPerMinute,
    caller.isCounted ? 0 : 1,
  )
  facts.value = { quota: window }
  if (isExceeded) throw new Refusal('rate_limited', {}, { retryAfterMs: window.resetMs })
  if (developer.mayUseFiles === 0) throw new Refusal('developer_files_denied')
  return { app: undefined, principal: toPrincipal(developer) }
}

/** The Admin API tells an unknown key from a wrong secret (jpush.md §1.6). */
async function admitDeveloper({ key, secret }: DeveloperCaller, sql: Sql) {
  if (!key || !secret) throw new Refusal('credentials_missing')
  const developer = await findDeveloperByKey(sql, key)
  if (!developer) throw new Refusal('developer_key_unknown')
  if (!isSameSecret(digestOf(secret), developer.secretDigest)) throw new Refusal('developer_secret_wrong')
  if (developer.mayAdminister === 0) throw new Refusal('developer_not_permitted')
  return { app: undefined, principal: toPrincipal(developer) }
}

function toPrincipal({ developerId, org, developerKey }: DeveloperRow) {
  return { is: 'developer', developerId, org, key: developerKey } as const
}

async function admitAppKey(world: World, caller: AppKeyCaller) {
  if (!caller.key) throw new Refusal('credentials_missing')
  const app = world.apps.findByKey(caller.key)
  if (!app) throw new Refusal('credentials_wrong')
  // The allow-list is for app servers: a device calls from wherever it is.
  checkBlacklist(app)
  return { app, principal: { is: 'nobody' } as const }
}

async function admitRegisteredDevice(world: World, caller: DeviceCaller, sql: Sql) {
  if (!caller.registrationId || !caller.password) throw new Refusal('credentials_missing')
  const { app, deviceId } = await admitDevice(world, sql, caller.registrationId, caller.password)
  return { app, principal: { is: 'device', deviceId } as const }
}

function checkBlacklist(app: App): void {
  if (app.settings.blacklisted) throw new Refusal('app_blacklisted')
}

function checkAddress(app: App, ip: string): void {
  if (!isAllowed(app, ip)) throw new Refusal('ip_not_allowed')
}
