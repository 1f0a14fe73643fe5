// The vendor's Web SDK, as it is published, in a browser, on a page of another origin.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { noBrowser } from './browser.ts'
import { appWith, loggedIn } from './chat-client.ts'
import { sharedApp } from './start-app.ts'
import { underNode } from './web-sdk.ts'
import { crashConform } from './web-sdk-crash.conform.ts'
import { eventsConform } from './web-sdk-events.conform.ts'
import { historyConform } from './web-sdk-history.conform.ts'
import { kindsConform } from './web-sdk-kinds.conform.ts'
import { messagesConform } from './web-sdk-messages.conform.ts'
import { inChromium } from './web-sdk-page.ts'
import { sessionsConform } from './web-sdk-sessions.conform.ts'

const server = sharedApp()
const world = inChromium(server)

describe('in Chromium', { skip: noBrowser }, () => {
  sessionsConform(world)
  messagesConform(world)
  kindsConform(world)
  historyConform(world)
  eventsConform(world)
  crashConform(world)

  test('a client in a browser and one under Node write to each other', async t => {
    const app = await appWith(world, 'alice', 'carol')
    const [alice] = await loggedIn(t, world, app, 'alice')
    const [carol] = await loggedIn(t, underNode(server), app, 'carol')
    await alice.text('carol', 'across')
    assert.equal((await carol.heard('onTextMessage'))[0].msg, 'across')
    await carol.text('alice', 'and back')
    assert.equal((await alice.heard('onTextMessage'))[0].msg, 'and back')
  })
})
