// Who is calling, and whether the app may: tokens, credentials, grants, policies of the app.
import { EVERY_WIRE, type Failure } from '../failure.ts'

export const authFailures = {
  token_missing: {
    dialects: ['easemob'],
    params: ['verb', 'application', 'path'],
    executed: 'no',
    advice: 'refresh-auth',
    cause: {
      en: 'The interface needs a token, and the request carries no usable Authorization header.',
      zh: '该接口需要 token，而请求没有携带可用的 Authorization 请求头。',
    },
    remedy: {
      en: 'Get an app token from POST /token and send it as Authorization: Bearer {token}.',
      zh: '通过 POST /token 获取 App Token，并以 Authorization: Bearer {token} 发送。',
    },
  },
  token_insufficient: {
    dialects: ['easemob'],
    params: ['verb', 'application', 'path'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The token is valid but may not do this: it belongs to a user, or to another app.',
      zh: 'token 有效但无权执行此操作：它属于某个用户或其他应用。',
    },
    remedy: {
      en: 'Use the token of this app got with client_credentials.',
      zh: '使用以 client_credentials 方式获取的本应用 token。',
    },
  },
  token_corrupt: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'refresh-auth',
    cause: {
      en: 'What stands after Bearer is no token: cut short, mistyped or of another kind. It has not expired.',
      zh: 'Bearer 之后的内容不是合法 token：被截断、写错或类型不符。并非过期。',
    },
    remedy: {
      en: 'Send the access_token of POST /token whole and unchanged.',
      zh: '完整且原样地发送 POST /token 返回的 access_token。',
    },
  },
  token_unknown: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'refresh-auth',
    cause: {
      en: 'The token has the right form, but this server did not issue it, or it was revoked since.',
      zh: 'token 格式正确，但不是本服务器签发的，或之后已被吊销。',
    },
    remedy: {
      en: 'Get a new token here. A password change, deactivation or deletion of the user ends its tokens.',
      zh: '在本服务器重新获取 token。用户改密、被停用或删除后，其 token 失效。',
    },
  },
  token_expired: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'refresh-auth',
    cause: { en: 'The token is past its lifetime.', zh: 'token 已过有效期。' },
    remedy: {
      en: 'Get a new token and repeat once; renew before expires_in runs out.',
      zh: '重新获取 token 后重试一次；应在 expires_in 到期前更新。',
    },
  },
  app_unknown: {
    dialects: ['easemob', 'msync'],
    params: ['org', 'app', 'uri'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'There is no app under the organisation and app name in the URL.',
      zh: 'URL 中的组织名和应用名没有对应的应用。',
    },
    remedy: {
      en: 'Check both names in the base URL, or create the app.',
      zh: '检查 URL 中的这两个名称，或先创建该应用。',
    },
  },
  credentials_missing: {
    dialects: ['jpush', 'neutral'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'There is no Basic Authorization header, or one of its two halves is empty.',
      zh: '没有 Basic Authorization 请求头，或其中一半为空。',
    },
    remedy: {
      en: 'Send Authorization: Basic base64(appKey:masterSecret); the Admin API wants base64(devKey:devSecret).',
      zh: '发送 Authorization: Basic base64(appKey:masterSecret)；应用管理接口用 base64(devKey:devSecret)。',
    },
  },
  credentials_wrong: {
    dialects: ['jpush', 'neutral'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The appKey is unknown or the secret does not belong to it.',
      zh: 'appKey 不存在，或密钥与其不匹配。',
    },
    remedy: {
      en: 'Compare both with what the operator issued; mind blanks and which app they are for.',
      zh: '与运维人员发放的值核对，注意空格以及是否属于该应用。',
    },
  },
  registration_closed: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'refresh-auth',
    cause: {
      en: 'The app takes registrations only with its own token, and this one came without.',
      zh: '应用为授权注册模式，而注册请求没有携带 App Token。',
    },
    remedy: {
      en: 'Register through the app server with the app token, or set the app to open registration.',
      zh: '由应用服务器携带 App Token 注册，或把应用设为开放注册。',
    },
  },
  grant_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The token request names no known grant_type, or lacks user name, password or client credentials.',
      zh: '获取 token 的请求中 grant_type 缺失或未知，或缺少用户名、密码、client 凭据。',
    },
    remedy: {
      en: 'Send grant_type client_credentials, password or inherit with its fields.',
      zh: '发送 grant_type 为 client_credentials、password 或 inherit 及其对应字段。',
    },
  },
  grant_user_unknown: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No user of this name exists in the app. The seed edition says the same for a wrong password.',
      zh: '应用中没有该用户名。seed 版对密码错误使用相同的应答。',
    },
    remedy: { en: 'Check the name, or register the user first.', zh: '检查用户名，或先注册该用户。' },
  },
  grant_password_wrong: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The password is wrong. The seed edition says the same for an unknown user.',
      zh: '密码错误。seed 版对用户不存在使用相同的应答。',
    },
    remedy: { en: 'Ask the user again, or reset the password.', zh: '让用户重新输入，或重置密码。' },
  },
  client_id_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: { en: 'The client_id is not that of this app.', zh: 'client_id 不属于该应用。' },
    remedy: {
      en: 'Take client_id and client_secret of the app in the URL.',
      zh: '使用 URL 所指应用的 client_id 与 client_secret。',
    },
  },
  client_secret_wrong: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The client_secret does not belong to the client_id.',
      zh: 'client_secret 与 client_id 不匹配。',
    },
    remedy: { en: 'Check the secret, or have it issued anew.', zh: '核对密钥，或重新签发。' },
  },
  user_not_activated: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: { en: 'The user was deactivated and may not log in.', zh: '该用户已被停用，不能登录。' },
    remedy: {
      en: 'Activate it with POST /users/{username}/activate.',
      zh: '调用 POST /users/{username}/activate 解禁。',
    },
  },
  ttl_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'ttl is negative or no number.', zh: 'ttl 为负数或不是数字。' },
    remedy: {
      en: 'Send seconds, 0 for a token that does not expire, or leave ttl out.',
      zh: '以秒为单位发送，0 表示永不过期，也可不传。',
    },
  },
  inherit_user_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A token was asked for a user who does not exist, and autoCreateUser is not true.',
      zh: '为不存在的用户申请 token，且 autoCreateUser 不为 true。',
    },
    remedy: {
      en: 'Register the user, or send autoCreateUser: true.',
      zh: '先注册用户，或传 autoCreateUser: true。',
    },
  },
  inherit_conflict: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'after',
    unreachable: {
      en: 'Of two calls for the same new user the second waits, finds the user and gets a token.',
      zh: '两个调用同时为同一新用户申请时，后一个会等待，然后找到该用户并得到 token。',
    },
    cause: {
      en: 'Another call with autoCreateUser was creating the same user.',
      zh: '另一个带 autoCreateUser 的调用正在创建同一用户。',
    },
    remedy: { en: 'Wait a second and repeat.', zh: '等待一秒后重试。' },
  },
  app_blacklisted: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: { en: 'The operator has barred this app.', zh: '运维人员已将该应用列入黑名单。' },
    remedy: { en: 'Ask the operator why, and to lift it.', zh: '联系运维人员了解原因并解除。' },
  },
  ip_not_allowed: {
    dialects: ['easemob', 'jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The app has an IP allow-list, and a call with the app’s own credentials came from an address that is not on it.',
      zh: '应用设置了 IP 白名单，而使用应用自身凭据的调用来自名单之外的地址。',
    },
    remedy: {
      en: 'Call from a listed address or add this one to ip_allowlist.',
      zh: '从白名单内的地址调用，或把该地址加入 ip_allowlist。',
    },
  },
  volume_unreasonable: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'A device of the audience was sent as many pushes today as limits.pushes_per_device_per_day allows. Nothing was sent.',
      zh: '受众中有设备今天收到的推送数已达 limits.pushes_per_device_per_day 的上限，未发送任何内容。',
    },
    remedy: {
      en: 'Look for a loop in the sender; leave out who has had enough, wait for tomorrow, or have the operator raise the limit.',
      zh: '检查发送端是否存在循环发送；去掉已达上限的设备、明天再发，或请运维人员提高上限。',
    },
  },
  not_vip: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The interface is for VIP apps, and the vip setting of this app is off.',
      zh: '该接口仅限 VIP 应用，而本应用的 vip 设置未开启。',
    },
    remedy: { en: 'Have the operator set vip to true.', zh: '请运维人员将 vip 设为 true。' },
  },
  not_entitled: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The interface is for what the vendor’s console makes: templates, vendor quotas, push plans, test devices; no app here has it. Or a group was pushed to with a file whose developer account may not have files of groups any more.',
      zh: '该接口用于极光控制台创建的内容：模板、厂商配额、推送计划、测试设备，本服务器的应用均无此权限。或以文件推送分组时，文件所属的开发者账号已没有分组文件权限。',
    },
    remedy: {
      en: 'Push with POST /v3/push; for files of groups have the operator set group_files to true for the account.',
      zh: '使用 POST /v3/push 推送；分组文件推送请运维人员将该账号的 group_files 设为 true。',
    },
  },
  broadcast_limit: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The app, which is not a VIP app, has used up its 10 pushes to everybody for today.',
      zh: '该应用并非 VIP 应用，今天的 10 次全量推送已用完。',
    },
    remedy: {
      en: 'Wait for tomorrow, address a tag, or have the operator set vip to true.',
      zh: '明天再发、改用标签推送，或请运维人员将 vip 设为 true。',
    },
  },
} as const satisfies Record<string, Failure>
