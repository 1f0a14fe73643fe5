// Which way a push goes to a device that a vendor can reach, as the push itself says in `options.third_party_channel`
// (jpush.md §3.1.1.6; Jiguang, "通知下发策略"). What it does not say, or says in words that are none of these, is the app's rule.
import type { Channel, ChannelName, Members } from '../channels/channel.ts'
import type { Platform } from '../contract/operations/pushes.ts'
import type { PushParts } from './vendor-push.ts'

/**
 * `session`: no vendor. `session_first`: a vendor for a device that holds no session. `vendor_first`: the device's own
 * session once the vendor cannot take it. `vendor`: no session.
 */
export type Way = 'session' | 'session_first' | 'vendor_first' | 'vendor'

export interface Route {
  readonly channel: Channel
  /** Absent = as the app's rule says. */
  readonly way?: Way
}

const distributions: Readonly<Record<string, Way>> = {
  jpush: 'session',
  secondary_push: 'session_first',
  first_ospush: 'vendor_first',
  ospush: 'vendor',
}
/** Of messages without a notification, to phones of a maker that carries them: not by force. */
const messageDistributions: Readonly<Record<string, Way>> = {
  jpush: 'session',
  secondary_push: 'session_first',
  first_ospush: 'vendor_first',
}
/** To phones that Google reaches as well as their maker (`pns`). */
const pairDistributions: Readonly<Record<string, readonly [Way, 'google' | 'maker']>> = {
  jpush: ['session', 'google'],
  fcm: ['vendor', 'google'],
  pns: ['vendor', 'maker'],
  secondary_fcm_push: ['session_first', 'google'],
  secondary_pns_push: ['session_first', 'maker'],
}
const google: ChannelName = 'fcm'
/** Makers of phones with a channel of their own. */
const makers: readonly ChannelName[] = ['huawei']

/** @param fitting the channels that reach the device and carry the push, in the order in which they are asked */
export function routeOf(
  parts: PushParts,
  platform: Platform,
  fitting: readonly Channel[],
): Route | undefined {
  const { options } = parts
  const [first] = fitting
  if (!first) return undefined
  const ofGoogle = fitting.find(({ name }) => name === google)
  const ofMaker = fitting.find(({ name }) => makers.includes(name))
  if (ofGoogle && ofMaker) {
    const said = sayingOf(options, ofMaker).distribution_fcm
    const pair = found(pairDistributions, said ?? sayingOf(options, ofGoogle).distribution_fcm)
    return pair ? { channel: pair[1] === 'google' ? ofGoogle : ofMaker, way: pair[0] } : { channel: first }
  }
  const { distribution, distribution_customize } = sayingOf(options, first)
  const { notification } = parts.for(platform, first.name)
  const isMessageOfMaker = notification === undefined && makers.includes(first.name)
  const way = isMessageOfMaker
    ? found(messageDistributions, distribution_customize)
    : found(distributions, distribution)
  return { channel: first, ...(way && { way }) }
}

/** May the push pass by the sessions of devices that these channels reach? */
export function maySkipSessions(options: Members, channels: readonly Channel[]): boolean {
  return channels.some(channel => {
    const { distribution, distribution_customize, distribution_fcm } = sayingOf(options, channel)
    const ways = [
      found(distributions, distribution),
      found(messageDistributions, distribution_customize),
      found(pairDistributions, distribution_fcm)?.[0],
    ]
    return ways.some(way => way === 'vendor' || way === 'vendor_first')
  })
}

function sayingOf({ third_party_channel }: Members, { name }: Channel): Members {
  const said = isMembers(third_party_channel) ? third_party_channel[name] : undefined
  return isMembers(said) ? said : {}
}

function found<Value>(table: Readonly<Record<string, Value>>, key: unknown): Value | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
