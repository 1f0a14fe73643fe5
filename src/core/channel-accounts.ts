// The credentials that apps have with vendors, and the connections made with them.
import { allChannels, findChannel } from '../channels/all-channels.ts'
import type {
  Channel,
  ChannelName,
  ChannelSurroundings,
  Credentials,
  Members,
  Memory,
  Sender,
} from '../channels/channel.ts'
import { listCredentials, putMemory } from '../store/channel-credentials.ts'
import type { Db } from '../store/db.ts'
import type { ChannelGate } from './channel-gate.ts'
import type { Seal } from './seal.ts'

interface Account {
  readonly channel: Channel
  readonly credentials: Credentials
  readonly memory: AccountMemory
  sender: Sender | undefined
}

class AccountMemory implements Memory {
  #text: string
  readonly #keep: (text: string) => Promise<void>

  constructor(text: string, keep: (text: string) => Promise<void>) {
    this.#text = text
    this.#keep = keep
  }

  read(): string {
    return this.#text
  }

  async write(text: string): Promise<void> {
    this.#text = text
    await this.#keep(text)
  }
}

export class ChannelAccounts {
  readonly all = allChannels
  readonly gate: ChannelGate
  readonly #seal: Seal
  readonly #surroundings: Omit<ChannelSurroundings, 'memory'>
  readonly #accounts = new Map<number, Map<ChannelName, Account>>()

  #db: Db | undefined

  constructor(seal: Seal, gate: ChannelGate, surroundings: Omit<ChannelSurroundings, 'memory'>) {
    this.gate = gate
    this.#seal = seal
    this.#surroundings = surroundings
  }

  /** @throws Error in words for the operator when the key beside the database is another one */
  async load(db: Db): Promise<void> {
    this.#db = db
    for (const { appId, channel, sealed, memory } of await db.read(sql => listCredentials(sql))) {
      const text = this.#seal.open(sealed, placeOf(appId, channel))
      if (text === undefined)
        throw new Error(
          'credentials.key does not fit the database: put the one back that belongs to it, or delete the credentials',
        )
      const found = findChannel(channel)
      if (found) this.keep(appId, found, JSON.parse(text), this.#openMemory(appId, channel, memory))
    }
  }

  seal(appId: number, channel: Channel, credentials: Credentials): string {
    return this.#seal.close(JSON.stringify(credentials), placeOf(appId, channel.name))
  }

  /** The channels an app can use, in the order in which they are asked. */
  of(appId: number): readonly Channel[] {
    const accounts = this.#accounts.get(appId)
    return accounts ? allChannels.filter(({ name }) => accounts.has(name)) : []
  }

  credentialsOf(appId: number, channel: ChannelName): Credentials | undefined {
    return this.#accounts.get(appId)?.get(channel)?.credentials
  }

  /** Whom a failure concerns: the vendor, what stands in for it, or whom the device's own address names. */
  providerOf(appId: number, channel: Channel, address: Members): string {
    const { name } = channel
    const named = channel.providerOf?.(address) ?? this.credentialsOf(appId, name)?.shown.base_url
    return `${name} ${String(named ?? '')}`
  }

  /** What a refusal of the app's credentials concerns. */
  accountOf(appId: number, { name }: Channel): string {
    return `app ${appId} ${name}`
  }

  /** Its connections are opened by what is sent. */
  senderOf(appId: number, channel: ChannelName): Sender | undefined {
    const account = this.#accounts.get(appId)?.get(channel)
    if (!account) return undefined
    const { credentials, memory } = account
    account.sender ??= account.channel.open(credentials, { ...this.#surroundings, memory })
    return account.sender
  }

  /** @param remembered absent = as it is */
  keep(appId: number, channel: Channel, credentials: Credentials, remembered?: string): void {
    const text = remembered ?? this.#accounts.get(appId)?.get(channel.name)?.memory.read() ?? ''
    this.forget(appId, channel.name)
    const memory = new AccountMemory(text, changed => this.#keepMemory(appId, channel.name, changed))
    const accounts = this.#accounts.get(appId) ?? new Map<ChannelName, Account>()
    accounts.set(channel.name, { channel, credentials, memory, sender: undefined })
    this.gate.open(this.accountOf(appId, channel))
    this.#accounts.set(appId, accounts)
  }

  #openMemory(appId: number, channel: string, sealed: string | null): string {
    return sealed === null ? '' : (this.#seal.open(sealed, memoryPlaceOf(appId, channel)) ?? '')
  }

  async #keepMemory(appId: number, channel: ChannelName, text: string): Promise<void> {
    const sealed = this.#seal.close(text, memoryPlaceOf(appId, channel))
    // A database that takes nothing, or is closed, says so where it matters more.
    await this.#db?.write(sql => putMemory(sql, appId, channel, sealed)).catch(() => undefined)
  }

  /** What is under way ends by itself. */
  forget(appId: number, channel: ChannelName): void {
    const accounts = this.#accounts.get(appId)
    void accounts?.get(channel)?.sender?.close()
    accounts?.delete(channel)
    if (accounts?.size === 0) this.#accounts.delete(appId)
  }

  forgetApp(appId: number): void {
    for (const { name } of this.of(appId)) this.forget(appId, name)
  }

  /** Resolves when nothing is under way any more, or after so long. */
  async close(withinMs: number): Promise<void> {
    const senders = [...this.#accounts.values()].flatMap(accounts => [...accounts.values()])
    const closed = Promise.all(senders.map(({ sender }) => sender?.close()))
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, withinMs)
    await Promise.race([closed, late])
    clearTimeout(timer)
  }
}

function placeOf(appId: number, channel: string): string {
  return `${appId} ${channel}`
}

function memoryPlaceOf(appId: number, channel: string): string {
  return `${placeOf(appId, channel)} memory`
}
