// Makes this browser a device: a subscription at the browser's own push service, and a registration that holds it.
import { forgetAll, readPushes, readRegistration, register, writeRegistration } from './web-push-store.js'

const $ = id => document.getElementById(id)

async function start(appKey, publicKey) {
  const worker = await startWorker()
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error('the browser may not show notifications of this page')
  const subscription = await subscribe(worker, publicKey)
  await writeRegistration(await registered(appKey, { web_push: subscription.toJSON() }))
}

async function startWorker() {
  // Browsers have service workers on pages that came by https, or from this machine.
  if (!navigator.serviceWorker || !globalThis.PushManager)
    throw new Error('this browser has no Web Push here: the page has to come by https, or from localhost')
  await navigator.serviceWorker.register('/console/web-push-worker.js', { type: 'module' })
  return navigator.serviceWorker.ready
}

/** A subscription belongs to one key: with another a new one is made. */
async function subscribe({ pushManager }, publicKey) {
  const known = await pushManager.getSubscription()
  if (known && toBase64url(known.options.applicationServerKey) !== publicKey) await known.unsubscribe()
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
}

function toBase64url(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The device of before where the server still knows it, else a new one. */
async function registered(appKey, channels) {
  const known = await readRegistration()
  if (known?.appKey === appKey) {
    const caller = { user: known.id, password: known.password }
    if (await unlessUnknown(register('PUT', `/${known.id}`, caller, { channels }))) return known
  }
  const made = await register('POST', '', { user: appKey }, { platform: 'web', channels })
  return { appKey, id: made.registration_id, password: made.password }
}

/** Undefined where the server does not know the device any more. */
function unlessUnknown(answer) {
  return answer.catch(error => {
    if (error.status !== 401 && error.status !== 404) throw error
  })
}

async function stop() {
  const registration = await readRegistration()
  const worker = await navigator.serviceWorker.getRegistration('/console/')
  await (await worker?.pushManager.getSubscription())?.unsubscribe()
  if (registration) {
    const { id, password } = registration
    await unlessUnknown(register('DELETE', `/${id}`, { user: id, password }))
  }
  await worker?.unregister()
  await forgetAll()
}

async function show() {
  const registration = await readRegistration()
  document.querySelector('main').hidden = $('stop').hidden = !registration
  $('start').hidden = Boolean(registration)
  $('registration').textContent = registration?.id ?? ''
  $('pushes').replaceChildren(...(await readPushes()).map(row))
}

function row({ msg_id, notification, message, received_at }) {
  const made = document.createElement('tr')
  const shown = [notification?.title, notification?.alert].filter(Boolean).join(': ')
  const cells = [new Date(received_at).toLocaleString(), msg_id, shown, message?.msg_content ?? '']
  made.append(
    ...cells.map(text => {
      const cell = document.createElement('td')
      cell.textContent = text
      return cell
    }),
  )
  return made
}

/** Shows what has become of it, and what went wrong. */
async function run(work) {
  $('problem').hidden = true
  for (const button of document.querySelectorAll('button')) button.disabled = true
  try {
    await work()
  } catch (error) {
    $('problem').textContent = error.message
    $('problem').hidden = false
  }
  for (const button of document.querySelectorAll('button')) button.disabled = false
  await show()
}

$('start').onsubmit = event => {
  event.preventDefault()
  const { app_key, public_key } = Object.fromEntries(new FormData(event.target))
  run(() => start(app_key.trim(), public_key.trim().replace(/=+$/, '')))
}
$('stop').onclick = () => run(stop)
navigator.serviceWorker?.addEventListener('message', show)
document.addEventListener('visibilitychange', show)

// A link can bring both keys along: what stands after # stays in the browser.
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const input = $('start').elements[name]
  if (input instanceof HTMLInputElement) input.value = value
}
run(async () => {})
