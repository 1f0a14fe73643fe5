// What the page and its service worker both know: the registration, and the newest pushes. The cache is the one store
// that both can reach without more ado.
const name = 'posthouse-web-push'
const registrationKey = '/console/web-push/registration'
const pushesKey = '/console/web-push/pushes'
const pushesMax = 50

async function read(key) {
  const found = await (await caches.open(name)).match(key)
  return found?.json()
}

async function write(key, value) {
  const cache = await caches.open(name)
  await (value === undefined ? cache.delete(key) : cache.put(key, Response.json(value)))
}

/** {id, password, appKey}; undefined = none. */
export const readRegistration = () => read(registrationKey)
export const writeRegistration = registration => write(registrationKey, registration)

/** The newest first, each once. */
export const readPushes = async () => (await read(pushesKey)) ?? []

/** One at a time: two that come together would forget one another. */
export const addPush = push =>
  navigator.locks.request(name, async () => {
    const others = (await readPushes()).filter(({ msg_id }) => msg_id !== push.msg_id)
    await write(pushesKey, [push, ...others].slice(0, pushesMax))
  })

export const forgetAll = () => caches.delete(name)

/** Tells the server how this browser is reached. @throws Error in the server's words */
export async function register(method, path, { user, password = '' }, body) {
  const response = await fetch(`/device/v1/registrations${path}`, {
    method,
    headers: { Authorization: `Basic ${btoa(`${user}:${password}`)}` },
    body: body && JSON.stringify(body),
    // Else a browser asks its user for a password when these are wrong.
    credentials: 'omit',
  })
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.error.message), { status: response.status })
  return answer
}
