// The parts of the API description that every operation points to.
import { Type } from 'typebox'
import type { ErrorSchema, Security } from './described-route.ts'

export const errorSchemas = {
  EasemobError: Type.Object({
    error: Type.String({ description: 'The name of the failure' }),
    timestamp: Type.Optional(Type.Integer({ description: 'Milliseconds since the epoch' })),
    duration: Type.Optional(Type.Integer({ description: 'Milliseconds spent on the request' })),
    exception: Type.Optional(Type.String()),
    error_description: Type.String(),
    error_code: Type.Optional(Type.Integer()),
  }),
  JpushError: Type.Object({
    msg_id: Type.Optional(Type.String()),
    error: Type.Object({
      code: Type.Integer({ description: 'From 9000 on: no code of the vendor, but one of this server' }),
      message: Type.String(),
      illegal_rids: Type.Optional(Type.Array(Type.String())),
    }),
  }),
  JpushPlanError: Type.Object({ code: Type.Integer(), message: Type.String() }),
  JpushAdminError: Type.Object({ error: Type.Object({ code: Type.Integer(), message: Type.String() }) }),
  NeutralError: Type.Object({
    error: Type.Object({
      id: Type.String({ description: 'A name of the catalogue' }),
      message: Type.String(),
    }),
    request_id: Type.String(),
  }),
} as const satisfies Record<ErrorSchema, object>

export const securitySchemes = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of POST /{org}/{app}/token: of the app, or of a user for what is the user’s own',
  },
  basic: { type: 'http', scheme: 'basic', description: 'appKey and masterSecret' },
  developer: { type: 'http', scheme: 'basic', description: 'devKey and devSecret' },
  device: {
    type: 'http',
    scheme: 'basic',
    description: 'To register: appKey and no password. Then: registration_id and the password it came with',
  },
  admin: { type: 'http', scheme: 'bearer', description: 'The admin token in the data folder’s runtime.json' },
} as const satisfies Record<Exclude<Security, 'anybody'>, object>

const text = (description: string) => ({ description, schema: { type: 'string' } })
const integer = (description: string) => ({ description, schema: { type: 'integer' } })

export const headers = {
  'X-Request-Id': text('Finds the request in the log'),
  'Retry-After': integer('Seconds until a repeat can succeed'),
  'WWW-Authenticate': text('Which credentials are wanted'),
  'X-Rate-Limit-Limit': integer('Calls allowed in the window'),
  'X-Rate-Limit-Quota': integer('The same under its older name'),
  'X-Rate-Limit-Remaining': integer('Calls left in the window'),
  'X-Rate-Limit-Reset': integer('Seconds until the window ends'),
} as const

/** What the parameters of paths mean; one that is not here is described by its name. */
export const pathParameters: Readonly<Record<string, string>> = {
  org: 'Organisation',
  app: 'App of the organisation',
  user: 'User name, or uuid',
  group: 'Group id',
  room: 'Chat room id',
  message: 'Message id',
  resource: 'Place of a login',
  rid: 'Registration id of a device',
  registration_id: 'Registration id of a device',
  msgid: 'Message id of a push',
  media_id: 'Id of an image',
  image: 'File of an image: its id, .jpg or .png',
  app_key: 'App key',
}
