// What users' bindings are pushed through: a notifier is what clients call a way to their devices (easemob.md §2.12). Beside
// this server's own it stands for one of the vendors' channels that the app has credentials for.
import { allChannels, findChannel } from '../channels/all-channels.ts'
import { type Channel, ChannelFault, type Members } from '../channels/channel.ts'
import type { ChannelSettings } from '../contract/operations/apps.ts'
import type { Platform } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { findDeviceById } from '../store/devices.ts'
import { type BindingRow, findBinding, type Reach } from '../store/user-bindings.ts'
import type { World } from './world.ts'

type Notifiers = NonNullable<ChannelSettings['notifiers']>
type Surroundings = Pick<World, 'apps' | 'channels'>

export interface Notifier {
  readonly channel: Channel
  /** Of its addresses, beside the token. */
  readonly members: Members
}

const notifiersMax = 100
const nameCharsMax = 512
/** In the form of each vendor's tokens: an address is checked with it before there is one. */
const anyToken = '0'.repeat(64)

/** By the name that the operator has given it, else by that of the app's account with the vendor. */
export function findNotifier(
  { apps, channels }: Surroundings,
  appId: number,
  name: string,
): Notifier | undefined {
  const usable = channels.of(appId)
  const notifiers = apps.findById(appId)?.settings.channels.notifiers ?? {}
  if (Object.hasOwn(notifiers, name)) {
    const { channel: said, ...members } = notifiers[name]!
    const channel = usable.find(each => each.name === said)
    return channel && { channel, members }
  }
  const isItsName = (channel: Channel) => {
    const { shown } = channels.credentialsOf(appId, channel.name)!
    return channel.accountName?.(shown) === name
  }
  const channel = usable.find(isItsName)
  return channel && { channel, members: {} }
}

export function reachOf({ channels }: Pick<World, 'channels'>, appId: number): Reach {
  return channels.of(appId).length > 0 ? 'vendors' : 'own'
}

/**
 * The setting `channels.notifiers`: by name the channel, or `{"channel", …}` with what its addresses have beside the token.
 * @returns undefined when it names nothing
 * @throws Refusal `setting_invalid`
 */
export function readNotifiers(value: unknown): Notifiers | undefined {
  if (value === null) return undefined
  if (!isMembers(value)) return invalid('it is an object, or null')
  const entries = Object.entries(value)
  if (entries.length > notifiersMax) return invalid(`it has ${notifiersMax} names at most`)
  if (entries.length === 0) return undefined
  return Object.fromEntries(entries.map(([name, said]) => [name, readNotifier(name, said)]))
}

function readNotifier(name: string, said: unknown): Notifiers[string] {
  if (name === '' || name.length > nameCharsMax) return invalid(`a name has 1 to ${nameCharsMax} characters`)
  const { channel: wanted, ...members } = isMembers(said) ? said : { channel: said }
  const channel = findChannel(String(wanted))
  if (!channel?.accountName) {
    const names = allChannels.filter(({ accountName }) => accountName).map(each => each.name)
    return invalid(`${name} stands for one of ${names.join(', ')}`)
  }
  try {
    const { token: _, ...read } = channel.readAddress({ ...members, token: anyToken })
    const unknown = Object.keys(members).find(member => !Object.hasOwn(read, member))
    if (unknown !== undefined)
      return invalid(`an address of ${channel.name} has no member ${unknown} to be set`)
    return { channel: channel.name, ...read }
  } catch (error) {
    if (error instanceof ChannelFault) return invalid(error.message)
    throw error
  }
}

/** Whom a dispatch is for. */
export interface Addressee {
  readonly platform: Platform
  /** By channel. */
  readonly addresses: Readonly<Record<string, Members>>
  /** Absent = a device of this server's. */
  readonly binding?: BindingRow
  /** Why its token is none. */
  readonly fault?: string
}

/** @param deviceId as in DispatchKey */
export async function findAddressee(
  world: Surroundings,
  sql: Sql,
  deviceId: number,
): Promise<Addressee | undefined> {
  if (deviceId >= 0) {
    const device = await findDeviceById(sql, deviceId)
    return device && { platform: device.platform, addresses: JSON.parse(device.channels) }
  }
  const binding = await findBinding(sql, -deviceId)
  const notifier = binding && findNotifier(world, binding.appId, binding.notifier)
  if (!notifier) return undefined
  const { channel, members } = notifier
  const bound = { platform: platformOf(channel), binding }
  try {
    const address = channel.readAddress({ ...members, token: binding.token })
    return { ...bound, addresses: { [channel.name]: address } }
  } catch (error) {
    if (error instanceof ChannelFault) return { ...bound, addresses: {}, fault: error.message }
    throw error
  }
}

/** Of devices whose token is this channel's. */
export function platformOf({ platforms }: Channel): Platform {
  return platforms[0]!
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(reason: string): never {
  throw new Refusal('setting_invalid', { setting: 'channels.notifiers', reason })
}
