// Passwords of users: scrypt in the thread pool, a few at once, the cost kept with each hash so that it can be raised
// later without anybody noticing.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { CoreConfig } from '../config.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Clock } from '../lib/clock.ts'
import { Turns } from '../lib/turns.ts'

interface Cost {
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
}

interface Derivation {
  readonly salt: Buffer
  readonly cost: Cost
  /** When the caller began to wait for its hashes. */
  readonly askedAt: number
}

type Options = Pick<CoreConfig, 'passwordHashing' | 'hashingsMax' | 'hashingsWaitingMax' | 'deadlineMs'>

const saltBytes = 16
const keyBytes = 32
const stored = /^scrypt:(\d+):(\d+):(\d+):([\w-]+):([\w-]+)$/

export class Passwords {
  readonly #options: Options
  readonly #clock: Clock
  readonly #turns: Turns
  /** Compared with when there is nothing to compare with. */
  readonly #dummy: { readonly cost: Cost; readonly salt: Buffer; readonly key: Buffer }

  constructor(options: Options, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#turns = new Turns(options.hashingsMax)
    this.#dummy = {
      cost: options.passwordHashing,
      salt: randomBytes(saltBytes),
      key: randomBytes(keyBytes),
    }
  }

  /** @throws Refusal `core_overloaded`, `core_deadline_passed` when too many hashes are wanted at once */
  async hash(password: string): Promise<string> {
    return this.#hash(password, this.#clock.now())
  }

  /**
   * A long list waits a few at a time, so that it cannot fill the queue that everybody shares, and is given up as one.
   * @throws Refusal as `hash`
   */
  async hashAll(passwords: readonly string[]): Promise<string[]> {
    const askedAt = this.#clock.now()
    const { hashingsMax } = this.#options
    const hashes: string[] = []
    for (let at = 0; at < passwords.length; at += hashingsMax) {
      const few = passwords.slice(at, at + hashingsMax)
      hashes.push(...(await Promise.all(few.map(password => this.#hash(password, askedAt)))))
    }
    return hashes
  }

  /**
   * Takes as long when there is no hash as when the password is wrong, so that the time tells nobody which it was.
   * @param hash what `hash` returned; null or undefined = no password fits
   * @throws Refusal as `hash`
   */
  async verify(password: string, hash: string | null | undefined): Promise<boolean> {
    const { cost, salt, key } = hash ? read(hash) : this.#dummy
    return timingSafeEqual(await this.#derive(password, { salt, cost, askedAt: this.#clock.now() }), key)
  }

  async #hash(password: string, askedAt: number): Promise<string> {
    const { passwordHashing } = this.#options
    const { cost, blockSize, parallelization } = passwordHashing
    const salt = randomBytes(saltBytes)
    const key = await this.#derive(password, { salt, cost: passwordHashing, askedAt })
    const parts = ['scrypt', cost, blockSize, parallelization, salt.toString('base64url')]
    return [...parts, key.toString('base64url')].join(':')
  }

  async #derive(password: string, { salt, cost, askedAt }: Derivation): Promise<Buffer> {
    const { hashingsWaitingMax, deadlineMs } = this.#options
    if (this.#turns.queue >= hashingsWaitingMax) throw new Refusal('core_overloaded')
    return this.#turns.run(() => {
      // Whoever waited this long has been told so, or will be: the work would be for nothing.
      if (this.#clock.now() - askedAt > deadlineMs) throw new Refusal('core_deadline_passed')
      return derive(password, salt, cost)
    })
  }
}

function derive(password: string, salt: Buffer, { cost, blockSize, parallelization }: Cost): Promise<Buffer> {
  // The default ceiling is just what the usual cost needs; twice the need of any cost is a ceiling as good.
  const maxmem = 256 * cost * blockSize
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, { cost, blockSize, parallelization, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

function read(hash: string): { cost: Cost; salt: Buffer; key: Buffer } {
  const parts = stored.exec(hash)
  if (!parts) throw new Error('a stored password hash cannot be read')
  const [cost, blockSize, parallelization] = parts.slice(1, 4).map(Number)
  return {
    cost: { cost: cost!, blockSize: blockSize!, parallelization: parallelization! },
    salt: Buffer.from(parts[4]!, 'base64url'),
    key: Buffer.from(parts[5]!, 'base64url'),
  }
}
