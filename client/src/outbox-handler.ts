// The outbox of a running service over HTTP: `outboxHandler` to mount there, `RemoteDesk` to use it from elsewhere, as
// `posthouse outbox --url` does.
export { type HandlerOptions, outboxHandler } from './outbox/handler.ts'
export { type NodeRequest, type NodeResponse, toNodeListener } from './outbox/node-listener.ts'
export { RemoteDesk, RemoteError, type RemoteOptions } from './outbox/remote-desk.ts'
