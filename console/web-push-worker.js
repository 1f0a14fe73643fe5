// Runs in the browser while the page may be closed: shows what is pushed, and keeps it for the page.
import { addPush, readRegistration, register } from './web-push-store.js'

const page = '/console/web-push.html'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))

/** {msg_id, override_msg_id?, notification?, message?, sent_at, expires_at}, as a device that listens by MQTT gets it. */
self.addEventListener('push', event => event.waitUntil(receive(event.data.json())))

async function receive(push) {
  await addPush({ ...push, received_at: Date.now() })
  const { notification = {}, message = {} } = push
  // A browser takes the subscription from those who show nothing.
  await self.registration.showNotification(
    notification.title || notification.alert || message.title || 'Posthouse',
    {
      body: notification.title ? notification.alert : notification.alert ? '' : message.msg_content,
      // A repeat is shown in the place of the first.
      tag: push.override_msg_id ?? push.msg_id,
      data: push,
    },
  )
  for (const client of await self.clients.matchAll({ includeUncontrolled: true }))
    client.postMessage('pushed')
}

self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(open())
})

async function open() {
  const clients = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const opened = clients.find(({ url }) => new URL(url).pathname === page)
  return opened ? opened.focus() : self.clients.openWindow(page)
}

/** The browser has another address from now on. */
self.addEventListener('pushsubscriptionchange', event => event.waitUntil(subscribeAgain(event)))

async function subscribeAgain({ oldSubscription, newSubscription }) {
  const registration = await readRegistration()
  const options = oldSubscription?.options
  const subscription =
    newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)))
  if (!registration || !subscription) return
  const { id, password } = registration
  await register('PUT', `/${id}`, { user: id, password }, { channels: { web_push: subscription.toJSON() } })
}
