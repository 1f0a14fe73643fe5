// Attributes of users (easemob.md §2.12): kept for apps that have no profile server of their own.
import { easemobLimits } from '../contract/limits.ts'
import { bytesOf } from '../contract/names.ts'
import type { AttributeOperations, Attributes } from '../contract/operations/user-attributes.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import {
  countAttributeBytes,
  findAttributes,
  forgetAttributes,
  putAttributes,
} from '../store/user-attributes.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { getUser } from './user-record.ts'

const { attributeBytesMax } = easemobLimits

export const attributeHandlersOfUsers: Handlers<keyof AttributeOperations> = {
  'attributes.set': writes(async (call, { user, attributes: wanted }, sql) => {
    checkIsOn(call)
    const { uid, appId } = await getUser(call, sql, user)
    const before = await findAttributes(sql, uid)
    const attributes = merge(before ? JSON.parse(before.attributes) : {}, wanted)
    const bytes = sizeOf(attributes)
    if (bytes > attributeBytesMax)
      throw new Refusal('attributes_too_large', { limit: String(attributeBytesMax) })
    const bytesBefore = before?.bytes ?? 0
    const growth = bytes - bytesBefore
    const most = call.world.config.core.attributeBytesPerAppMax
    if (growth > 0 && (await countAttributeBytes(sql, appId)) + growth > most)
      throw new Refusal('attributes_of_app_too_large', { limit: String(most) })
    await putAttributes(sql, { uid, appId, attributes: JSON.stringify(attributes), bytes }, bytesBefore)
    return { attributes }
  }),

  'attributes.get': reads(async (call, { user }, sql) => {
    checkIsOn(call)
    const { uid } = await getUser(call, sql, user)
    return { attributes: await read(sql, uid) }
  }),

  'attributes.get_many': reads(async (call, { users, names }, sql) => {
    checkIsOn(call)
    const found: { username: string; attributes: Attributes }[] = []
    const wanted = new Set(names)
    for (const username of new Set(users.map(lowerAscii))) {
      const uid = await call.world.userIds.find(call, sql, username)
      if (uid === undefined) continue
      const attributes = Object.entries(await read(sql, uid)).filter(([name]) => wanted.has(name))
      found.push({ username, attributes: Object.fromEntries(attributes) })
    }
    return { users: found }
  }),

  'attributes.delete': writes(async (call, { user }, sql) => {
    checkIsOn(call)
    const { uid } = await getUser(call, sql, user)
    await forgetAttributes(sql, uid)
    return {}
  }),

  'attributes.count_bytes': reads(async (call, _args, sql) => {
    checkIsOn(call)
    return { bytes: await countAttributeBytes(sql, call.app.appId) }
  }),
}

function checkIsOn({ app }: Call): void {
  if (!app.settings.user_attributes) throw new Refusal('attributes_off', { appkey: `${app.org}#${app.app}` })
}

async function read(sql: Sql, uid: number): Promise<Attributes> {
  const row = await findAttributes(sql, uid)
  return row ? JSON.parse(row.attributes) : {}
}

function merge(before: Attributes, wanted: Attributes): Attributes {
  const after = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(wanted)) {
    if (value === '') after.delete(name)
    else after.set(name, value)
  }
  return Object.fromEntries(after)
}

function sizeOf(attributes: Attributes): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(value), 0)
}
