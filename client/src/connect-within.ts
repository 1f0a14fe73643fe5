/** What Node's own `fetch` sends requests by; a class of no module that could be imported. */
const dispatcherKey = Symbol.for('undici.globalDispatcher.1')

interface AgentClass {
  new (options: { readonly connect: { readonly timeout: number } }): object
}

/**
 * A `fetch` for the option of that name that gives up a connection (name, TCP and TLS together) after `ms`, on Node: nothing
 * was sent then, so the call is tried again. `fetch` alone cannot tell such a wait from one for an answer, which may have
 * been executed. What a proxy or `setGlobalDispatcher` has set up does not hold for it.
 * @throws TypeError on runtimes whose `fetch` has no such setting: Bun, Deno, browsers
 */
export function connectWithin(ms: number): typeof fetch {
  // The runtime makes its own at the first use of fetch.
  const known = globalThis as { readonly [dispatcherKey]?: { readonly constructor: unknown } }
  void fetch('data:,').catch(() => {})
  const Agent = known[dispatcherKey]?.constructor as AgentClass | undefined
  if (Agent === undefined || !('versions' in ((globalThis as { process?: object }).process ?? {})))
    throw new TypeError('the fetch of this runtime has no timeout for connecting')
  const dispatcher = new Agent({ connect: { timeout: ms } })
  return (input, init) => fetch(input, { ...init, dispatcher } as RequestInit)
}
