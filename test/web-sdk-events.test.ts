// What the handlers of the vendor's Web SDK are told of contacts, groups and rooms, under Node.
import { sharedApp } from './start-app.ts'
import { underNode } from './web-sdk.ts'
import { eventsConform } from './web-sdk-events.conform.ts'

eventsConform(underNode(sharedApp()))
