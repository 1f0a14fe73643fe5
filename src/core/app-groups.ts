// Groups of apps, and pushes to them: one push in each app, with an outcome of its own.
import { randomBytes } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type { AppGroup, AppGroupOperations, GroupOutcome } from '../contract/operations/app-groups.ts'
import type { PushReport, PushRequest } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import {
  type AppGroupRow,
  addMember,
  deleteAppGroup,
  findAppGroup,
  insertAppGroup,
  insertGroupPush,
  listAppGroups,
  listGroupPushes,
  listMembers,
  setMembers,
} from '../store/app-groups.ts'
import type { Sql } from '../store/db.ts'
import type { FileOwner } from '../store/push-files.ts'
import { findPush } from '../store/pushes.ts'
import { nextInSequence } from '../store/sequences.ts'
import { acceptPush } from './accept-push.ts'
import { checkName, getApp, isAllowed, isLegalName } from './apps.ts'
import type { Call, Principal } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { ownerForGroup } from './push-files.ts'
import { describe as describePush } from './reports.ts'

const { appsPerGroupMax } = jpushLimits

export const appGroupHandlers: Handlers<keyof AppGroupOperations> = {
  'app_group.create': writes(async (call, { org, name, apps }, sql) => {
    checkName(org, name)
    const members = idsOf(call, org, apps)
    const group = await makeGroup(sql, org, name)
    await setMembers(sql, group.groupId, members)
    return describe(call, sql, group)
  }),

  'app_group.list': reads(async (call, _args, sql) => {
    const groups: AppGroup[] = []
    for (const group of await listAppGroups(sql)) groups.push(await describe(call, sql, group))
    return { groups }
  }),

  'app_group.change': writes(async (call, { org, name, apps }, sql) => {
    const group = await getGroup(sql, org, name)
    await setMembers(sql, group.groupId, idsOf(call, org, apps))
    return describe(call, sql, group)
  }),

  'app_group.delete': writes(async (call, { org, name }, sql) => {
    const group = await getGroup(sql, org, name)
    const described = await describe(call, sql, group)
    await deleteAppGroup(sql, group.groupId)
    return described
  }),

  'group_push.send': writes(async (call, request, sql) => {
    const { groupId, org, ip } = groupOf(call)
    const { world } = call
    const { audience } = request
    const file = audience === 'all' ? undefined : audience.file
    const fileOwner = file === undefined ? undefined : await ownerForGroup(call, sql, org, file)
    const groupMsgId = world.ids.next()
    const outcomes: GroupOutcome[] = []
    for (const appId of await listMembers(sql, groupId)) {
      const app = world.apps.findById(appId)
      if (!app) continue
      const outcome = await pushTo(call.within(app), sql, request, { ip, fileOwner })
      outcomes.push({ appKey: app.app_key, ...outcome })
      if ('msgId' in outcome)
        await insertGroupPush(sql, { groupMsgId, appId, groupId, msgId: Number(outcome.msgId) })
    }
    return { groupMsgId: String(groupMsgId), sendno: request.sendno, outcomes }
  }),

  'group_push.report': reads(async (call, { groupMsgIds }, sql) => {
    const groups: { groupMsgId: string; pushes: PushReport[] }[] = []
    for (const groupMsgId of groupMsgIds) {
      const pushes: PushReport[] = []
      for (const msgId of await listGroupPushes(sql, groupOf(call).groupId, Number(groupMsgId))) {
        const push = await findPush(sql, msgId)
        if (push) pushes.push(await describePush(sql, push))
      }
      if (pushes.length > 0) groups.push({ groupMsgId, pushes })
    }
    return { groups }
  }),
}

/** @throws Error when the caller is none: a bug */
export function groupOf({ principal }: Call): Extract<Principal, { is: 'app_group' }> {
  if (principal.is !== 'app_group') throw new Error('this operation needs the secret of a group')
  return principal
}

/** Can the app come into the group of this name, one that is not there yet among them? */
export async function hasRoom(
  sql: Sql,
  org: string,
  name: string,
  appId: number | undefined,
): Promise<boolean> {
  const group = await findAppGroup(sql, org, name)
  if (!group) return isLegalName(name)
  const members = await listMembers(sql, group.groupId)
  return members.length < appsPerGroupMax || (appId !== undefined && members.includes(appId))
}

/** A group that is not there is made: its secret is the operator's to give. */
export async function joinGroup(sql: Sql, org: string, name: string, appId: number): Promise<void> {
  const { groupId } = (await findAppGroup(sql, org, name)) ?? (await makeGroup(sql, org, name))
  await addMember(sql, groupId, appId)
}

/** @throws Refusal `app_group_exists` */
async function makeGroup(sql: Sql, org: string, name: string): Promise<AppGroupRow> {
  const group: AppGroupRow = {
    groupId: await nextInSequence(sql, 'app_groups'),
    org,
    name,
    groupKey: randomBytes(12).toString('hex'),
    masterSecret: randomBytes(12).toString('hex'),
  }
  if (!(await insertAppGroup(sql, group))) throw new Refusal('app_group_exists', { org, name })
  return group
}

/** What bars a call with the app's own secret bars one with its group's. */
async function pushTo(
  call: Call,
  sql: Sql,
  request: PushRequest,
  { ip, fileOwner }: { readonly ip: string; readonly fileOwner: FileOwner | undefined },
) {
  try {
    if (call.app.settings.blacklisted) throw new Refusal('app_blacklisted')
    if (!isAllowed(call.app, ip)) throw new Refusal('ip_not_allowed')
    return { msgId: String(await acceptPush(call, sql, request, fileOwner)) }
  } catch (error) {
    if (!(error instanceof Refusal) || error.cause !== undefined) throw error
    const { id, params, facts } = error
    return { refusal: { id, params, facts } }
  }
}

function idsOf(call: Call, org: string, names: readonly string[]): number[] {
  if (names.length > appsPerGroupMax)
    throw new Refusal('app_group_too_large', { limit: String(appsPerGroupMax) })
  return [...new Set(names)].map(name => getApp(call, org, name).appId)
}

async function getGroup(sql: Sql, org: string, name: string): Promise<AppGroupRow> {
  const group = await findAppGroup(sql, org, name)
  if (!group) throw new Refusal('app_group_unknown', { org, name })
  return group
}

async function describe(
  call: Call,
  sql: Sql,
  { groupId, org, name, groupKey, masterSecret }: AppGroupRow,
): Promise<AppGroup> {
  const members = await listMembers(sql, groupId)
  const apps = members.flatMap(appId => call.world.apps.findById(appId)?.app ?? [])
  return { org, name, apps, group_key: groupKey, group_master_secret: masterSecret }
}
