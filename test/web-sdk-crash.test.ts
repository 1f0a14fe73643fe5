// The vendor's Web SDK when the server dies, under Node.
import { sharedApp } from './start-app.ts'
import { underNode } from './web-sdk.ts'
import { crashConform } from './web-sdk-crash.conform.ts'

crashConform(underNode(sharedApp()))
