// The vendor's own Node SDKs, unmodified. They know only the vendor's hosts, so the one thing that changes is where
// their connections lead: their https agent connects to the server under test, as a TLS proxy in front of it would.
import https from 'node:https'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { after, before } from 'node:test'
import type { TestApp } from './start-app.ts'

const require = createRequire(import.meta.url)

/** `jpush-sdk`: callbacks, through the `request` library. */
export const callbackSdk = require('jpush-sdk')
/** `jpush-async`: promises, and a client of callbacks that is broken inside. */
export const { JPush: brokenSdk, JPushAsync: asyncSdk } = require('jpush-async')

/** For all tests of a file. */
export function leadVendorHostsTo(app: () => TestApp): void {
  const vendorAgent = https.globalAgent
  before(() => {
    const agent = new https.Agent()
    agent.createConnection = () => {
      const { hostname, port } = new URL(app().http)
      return connect(Number(port), hostname)
    }
    https.globalAgent = agent
  })
  after(() => {
    https.globalAgent = vendorAgent
  })
}

/** Which methods of an SDK's objects have been called. */
export class CallLog {
  readonly #called = new Set<string>()

  /** The object, with its calls written down; what a method returns for the next call to be chained is watched too. */
  watch<Watched extends object>(object: Watched): Watched {
    const watched: Watched = new Proxy(object, {
      get: (target, name) => {
        const member = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => {
          this.#called.add(String(name))
          const result = member.apply(target, args)
          if (result === target) return watched
          return name === 'push' ? this.watch(result) : result
        }
      },
    })
    return watched
  }

  /** The methods of these objects' prototypes that nobody has called. */
  missing(...objects: readonly object[]): string[] {
    return objects.flatMap(methodsOf).filter(name => !this.#called.has(name))
  }
}

/** The public methods of an SDK's object. */
export function methodsOf(object: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter(name => name !== 'constructor')
}
