import { Type } from 'typebox'
import { notificationShapes } from './push-tables.ts'

const names = Type.Array(Type.String())

const audience = Type.Object({
  tag: Type.Optional(names),
  tag_and: Type.Optional(names),
  tag_not: Type.Optional(names),
  alias: Type.Optional(names),
  registration_id: Type.Optional(names),
  file: Type.Optional(Type.Object({ file_id: Type.String() })),
})

/** A push as the API description shows it; push-object.ts is what checks one. */
export const pushSchema = Type.Object({
  platform: Type.Union([Type.Literal('all'), names]),
  audience: Type.Union([Type.Literal('all'), audience]),
  notification: Type.Optional(
    Type.Object({
      alert: Type.Optional(Type.String()),
      ...Object.fromEntries(
        Object.keys(notificationShapes).map(platform => [platform, Type.Optional(Type.Object({}))]),
      ),
    }),
  ),
  message: Type.Optional(
    Type.Object({
      msg_content: Type.String(),
      title: Type.Optional(Type.String()),
      content_type: Type.Optional(Type.String()),
      extras: Type.Optional(Type.Object({})),
    }),
  ),
  sms_message: Type.Optional(Type.Object({})),
  options: Type.Optional(
    Type.Object({
      sendno: Type.Optional(Type.Integer()),
      time_to_live: Type.Optional(Type.Integer()),
      override_msg_id: Type.Optional(Type.Integer()),
      apns_production: Type.Optional(Type.Boolean()),
    }),
  ),
  cid: Type.Optional(Type.String()),
})
