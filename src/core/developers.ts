// Developer accounts: who manages the apps of an organisation by the JPush dialect's Admin API, and has files that its
// groups of apps are pushed to with.
import { createHash, randomBytes } from 'node:crypto'
import type { Developer, DeveloperOperations } from '../contract/operations/developers.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  type DeveloperRow,
  deleteDeveloper,
  findDeveloper,
  insertDeveloper,
  listDevelopers,
  updateDeveloper,
} from '../store/developers.ts'
import { expirePushFilesOfDeveloper } from '../store/push-files.ts'
import { nextInSequence } from '../store/sequences.ts'
import { checkName } from './apps.ts'
import type { Call, Principal } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const developerHandlers: Handlers<Extract<keyof DeveloperOperations, `developer.${string}`>> = {
  'developer.create': writes(async (_call, { org, name, admin = true, group_files = true }, sql) => {
    checkName(org, name)
    if (await findDeveloper(sql, org, name)) throw new Refusal('developer_exists', { org, name })
    const secret = newKey()
    const developer: DeveloperRow = {
      developerId: await nextInSequence(sql, 'developers'),
      org,
      name,
      developerKey: newKey(),
      secretDigest: digestOf(secret),
      mayAdminister: admin ? 1 : 0,
      mayUseFiles: group_files ? 1 : 0,
    }
    await insertDeveloper(sql, developer)
    return { ...show(developer), dev_secret: secret }
  }),

  'developer.list': reads(async (_call, _args, sql) => ({
    developers: (await listDevelopers(sql)).map(show),
  })),

  'developer.change': writes(async (_call, { org, name, rights }, sql) => {
    const before = await getDeveloper(sql, org, name)
    const { admin, group_files } = { ...show(before), ...rights }
    const after = { ...before, mayAdminister: admin ? 1 : 0, mayUseFiles: group_files ? 1 : 0 }
    await updateDeveloper(sql, after)
    return show(after)
  }),

  'developer.renew_secret': writes(async (_call, { org, name }, sql) => {
    const developer = await getDeveloper(sql, org, name)
    const secret = newKey()
    await updateDeveloper(sql, { ...developer, secretDigest: digestOf(secret) })
    return { ...show(developer), dev_secret: secret }
  }),

  'developer.delete': writes(async (call, { org, name }, sql) => {
    const developer = await getDeveloper(sql, org, name)
    await expirePushFilesOfDeveloper(sql, developer.developerId)
    await deleteDeveloper(sql, developer.developerId)
    call.afterCommit(() => call.world.nudge('purge'))
    return show(developer)
  }),
}

/** @throws Error when the caller is none: a bug */
export function developerOf({ principal }: Call): Extract<Principal, { is: 'developer' }> {
  if (principal.is !== 'developer') throw new Error('this operation needs a developer account')
  return principal
}

/** Nobody guesses 96 random bits: a slow digest would only cost. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** 24 characters, as official clients demand of each key (jpush.md §1.4). */
function newKey(): string {
  return randomBytes(12).toString('hex')
}

async function getDeveloper(sql: Sql, org: string, name: string): Promise<DeveloperRow> {
  const developer = await findDeveloper(sql, org, name)
  if (!developer) throw new Refusal('developer_unknown', { org, name })
  return developer
}

function show({ org, name, developerKey, mayAdminister, mayUseFiles }: DeveloperRow): Developer {
  return { org, name, dev_key: developerKey, admin: mayAdminister === 1, group_files: mayUseFiles === 1 }
}
