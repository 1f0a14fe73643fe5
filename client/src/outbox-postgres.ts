// The outbox in the caller's own PostgreSQL: `PostgresStore.open({ pool })`, then `new Outbox({ store, jpush, easemob })`.
export {
  type PostgresClient,
  type PostgresPool,
  type PostgresQueryable,
  PostgresStore,
  type PostgresStoreOptions,
  postgresSchema,
} from './outbox/postgres-store.ts'
