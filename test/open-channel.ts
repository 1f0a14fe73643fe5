// A vendor's channel as the server opens it, against a peer of this process.
import type { TestContext } from 'node:test'
import type { Channel, Members, Memory, Sender } from '../src/channels/channel.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { peerCertificate } from './peers/certificate.ts'

/** @param credentials as an operator gives them */
export function openChannel(
  t: TestContext,
  channel: Channel,
  credentials: Members,
  clock: ManualClock,
  timeoutMs = 10_000,
  memory?: Memory,
): Sender {
  const ca = [peerCertificate().cert]
  const surroundings = { now: () => clock.now(), ca, timeoutMs, ...(memory && { memory }) }
  const sender = channel.open(channel.readCredentials(credentials, undefined), surroundings)
  t.after(() => sender.close())
  return sender
}

interface VendorPeer<Device> {
  now: () => number
  readonly credentials: Members
  readonly devices: ReadonlyMap<string, Device>
  /** @returns its token */
  addDevice(): string
}

interface Connected<Peer, Device> {
  readonly peer: Peer
  readonly sender: Sender
  readonly token: string
  readonly device: Device
  readonly clock: ManualClock
}

interface ConnectOptions {
  readonly timeoutMs?: number | undefined
  /** Epoch ms. */
  readonly startedAt?: number
  /** Over those that the peer takes. */
  readonly credentials?: Members | undefined
}

/** A channel to a peer that knows one device; the clock is the peer's, too. */
export async function connect<Device, Peer extends VendorPeer<Device>>(
  t: TestContext,
  channel: Channel,
  starting: Promise<Peer>,
  options: ConnectOptions = {},
): Promise<Connected<Peer, Device>> {
  const { timeoutMs, startedAt = Date.now(), credentials } = options
  const peer = await starting
  const clock = new ManualClock(startedAt)
  peer.now = () => clock.now()
  const token = peer.addDevice()
  const sender = openChannel(t, channel, { ...peer.credentials, ...credentials }, clock, timeoutMs)
  return { peer, sender, token, device: peer.devices.get(token)!, clock }
}
