// The Easemob dialect: `new EasemobClient({ baseUrl, org, app, clientId, clientSecret })`, then the calls.
export { type EasemobCall, EasemobClient, type EasemobOptions } from './easemob/client.ts'
export * from './easemob/groups.ts'
export * from './easemob/messages.ts'
export * from './easemob/users.ts'
