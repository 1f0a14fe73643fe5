// The setting `channels` of an app: what it is with vendors. Secrets go in and never come out.
import { allChannels, findChannel } from '../channels/all-channels.ts'
import { ChannelFault, type ChannelName } from '../channels/channel.ts'
import type { ChannelRule, ChannelSettings } from '../contract/operations/apps.ts'
import { Refusal } from '../contract/refusal.ts'
import { deleteCredentials, putCredentials } from '../store/channel-credentials.ts'
import type { Sql } from '../store/db.ts'
import type { Call } from './call.ts'
import { readNotifiers } from './notifiers.ts'

const rules: readonly ChannelRule[] = ['session_first', 'vendor_always']

/**
 * Each channel given takes the place of what was, `null` removes it; those not given stay.
 * @returns the setting as it is shown
 * @throws Refusal `setting_invalid`
 */
export async function changeChannels(
  call: Call,
  sql: Sql,
  appId: number,
  wanted: Readonly<Record<string, unknown>>,
  before: ChannelSettings,
): Promise<ChannelSettings> {
  const after: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(wanted)) {
    if (name === 'rule') after.rule = readRule(value)
    else if (name === 'notifiers') after.notifiers = readNotifiers(value)
    else after[name] = await changeChannel(call, sql, appId, name, value)
    if (after[name] === undefined) delete after[name]
  }
  return after as ChannelSettings
}

async function changeChannel(
  call: Call,
  sql: Sql,
  appId: number,
  name: string,
  value: unknown,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const channel = findChannel(name)
  if (!channel) return invalid(name, `it is one of ${allChannels.map(each => each.name).join(', ')}`)
  const { channels } = call.world
  if (value === null) {
    await deleteCredentials(sql, appId, name)
    call.afterCommit(() => channels.forget(appId, channel.name))
    return undefined
  }
  if (!isMembers(value)) return invalid(name, 'it is an object, or null')
  const credentials = faultless(name, () =>
    channel.readCredentials(value, channels.credentialsOf(appId, channel.name)),
  )
  await putCredentials(sql, { appId, channel: name, sealed: channels.seal(appId, channel, credentials) })
  call.afterCommit(() => {
    channels.keep(appId, channel, credentials)
    call.world.nudge('dispatch')
  })
  return credentials.shown
}

function faultless<Result>(name: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof ChannelFault) return invalid(name, error.message)
    throw error
  }
}

function readRule(value: unknown): ChannelRule {
  return rules.find(rule => rule === value) ?? invalid('rule', `it is one of ${rules.join(', ')}`)
}

/**
 * The vendor channels that a device says it can be reached by.
 * @throws Refusal `device_parameter_invalid`
 */
export function readAddresses(
  said: Readonly<Record<string, unknown>>,
): Partial<Record<ChannelName, Readonly<Record<string, unknown>>>> {
  const addresses: Partial<Record<ChannelName, Readonly<Record<string, unknown>>>> = {}
  for (const [name, value] of Object.entries(said)) {
    if (value === null) continue
    const channel = findChannel(name)
    if (!channel) throw new Refusal('device_parameter_invalid', { reason: `there is no channel ${name}` })
    try {
      addresses[channel.name] = channel.readAddress(value)
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error
      throw new Refusal('device_parameter_invalid', { reason: `channels.${name}: ${error.message}` })
    }
  }
  return addresses
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(name: string, reason: string): never {
  throw new Refusal('setting_invalid', { setting: `channels.${name}`, reason })
}
