// Accounts of an app, their registration, and the query language of the user list. Easemob only.
import type { Failure } from '../failure.ts'

export const userFailures = {
  username_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'A user to register has no username.', zh: '注册请求中没有提供 username。' },
    remedy: { en: 'Send username as a string that is not empty.', zh: '以非空字符串发送 username。' },
  },
  password_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A user to register has no password, or an empty one.',
      zh: '注册请求中没有密码，或密码为空字符串。',
    },
    remedy: { en: 'Send password as a string that is not empty.', zh: '以非空字符串发送 password。' },
  },
  username_illegal: {
    dialects: ['easemob'],
    params: ['username'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The username holds a character other than letters, digits, underscore, hyphen and full stop.',
      zh: '用户名含有字母、数字、下划线、连字符和点以外的字符。',
    },
    remedy: {
      en: 'Map your own names to such ids, for instance by their number or hash.',
      zh: '把自有用户名映射成此类 ID，例如用编号或哈希。',
    },
  },
  username_too_long: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The username has more than 64 bytes.', zh: '用户名超过 64 字节。' },
    remedy: { en: 'Use a shorter one.', zh: '使用更短的用户名。' },
  },
  password_too_long: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The password has more than 64 characters.', zh: '密码超过 64 个字符。' },
    remedy: { en: 'Use a shorter one.', zh: '使用更短的密码。' },
  },
  nickname_too_long: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The nickname has more than 100 characters.', zh: '昵称超过 100 个字符。' },
    remedy: { en: 'Shorten it.', zh: '缩短昵称。' },
  },
  user_exists: {
    dialects: ['easemob'],
    params: ['application', 'username'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app has a user of this name already; letter case makes no difference.',
      zh: '该应用下已存在此用户名（不区分大小写）。',
    },
    remedy: {
      en: 'Take another name. After a registration whose outcome was unknown, this means that it succeeded.',
      zh: '换一个用户名。若上次注册结果未知，则表示当时已成功。',
    },
  },
  batch_password_conflict: {
    dialects: ['easemob'],
    params: ['username'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'One list of registrations names the same user twice with different passwords.',
      zh: '批量注册列表中同一用户名出现两次且密码不同。',
    },
    remedy: { en: 'Name each user once.', zh: '每个用户名只出现一次。' },
  },
  batch_too_large: {
    dialects: ['easemob'],
    params: ['size', 'max'],
    executed: 'no',
    advice: 'split',
    cause: { en: 'A list of registrations has too many entries.', zh: '批量注册的条目过多。' },
    remedy: { en: 'Register at most 60 users in one call.', zh: '每次最多注册 60 个用户。' },
  },
  newpassword_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The body of a password change has no newpassword, or an empty one.',
      zh: '修改密码的请求体没有 newpassword，或其值为空。',
    },
    remedy: {
      en: 'Send {"newpassword": "…"}; the key is all lower case.',
      zh: '发送 {"newpassword": "…"}，键名全小写。',
    },
  },
  oldpassword_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A user changes its own password and did not send the old one.',
      zh: '用户修改自己的密码时没有提供旧密码。',
    },
    remedy: {
      en: 'Add oldpassword, or call with the app token.',
      zh: '增加 oldpassword，或使用 App Token 调用。',
    },
  },
  oldpassword_wrong: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The old password is wrong.', zh: '旧密码错误。' },
    remedy: {
      en: 'Ask the user again, or call with the app token.',
      zh: '让用户重新输入，或使用 App Token 调用。',
    },
  },
  user_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user named in the path does not exist in this app.',
      zh: '路径中的用户在该应用中不存在。',
    },
    remedy: { en: 'Check the name; register the user first.', zh: '检查用户名，或先注册该用户。' },
  },
  password_user_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The user whose password is to change does not exist.', zh: '要修改密码的用户不存在。' },
    remedy: { en: 'Check the name; register the user first.', zh: '检查用户名，或先注册该用户。' },
  },
  status_batch_too_large: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'The online state of more than 100 users was asked for at once.',
      zh: '一次查询了超过 100 个用户的在线状态。',
    },
    remedy: { en: 'Ask for at most 100 users in one call.', zh: '每次最多查询 100 个用户。' },
  },
  query_parse: {
    dialects: ['easemob'],
    params: ['text', 'column', 'line'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The ql query breaks the grammar at the named token; the column counts tokens, not characters.',
      zh: 'ql 查询在所示记号处不符合语法；column 按记号而非字符计数。',
    },
    remedy: {
      en: "Write it as: select * where username = 'name' order by created.",
      zh: "按此形式书写：select * where username = 'name' order by created。",
    },
  },
  query_token: {
    dialects: ['easemob'],
    params: ['text'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The ql query holds a character the language does not have.',
      zh: 'ql 查询含有该语言不支持的字符。',
    },
    remedy: {
      en: 'Put values in single quotes and percent-encode the query.',
      zh: '值用单引号括起，并对查询做百分号编码。',
    },
  },
  query_string_open: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'A quoted value in the ql query is not closed.', zh: 'ql 查询中的引号没有闭合。' },
    remedy: {
      en: "Close the quote; write a quote inside a value as \\'.",
      zh: "补上引号；值内的引号写作 \\'。",
    },
  },
  query_order_by_split: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'In the ql query, order and by are not separated by exactly one blank.',
      zh: 'ql 查询中 order 与 by 之间不是恰好一个空格。',
    },
    remedy: { en: 'Write order by with one blank.', zh: '写成 order by，中间只留一个空格。' },
  },
  query_sort_repeated: {
    dialects: ['easemob'],
    params: ['property'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The ql query orders by the same property twice.', zh: 'ql 查询对同一属性排序了两次。' },
    remedy: { en: 'Name each property once in order by.', zh: 'order by 中每个属性只写一次。' },
  },
  full_text_index_missing: {
    dialects: ['easemob'],
    params: ['property'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The ql query uses contains on a property that has no full-text index, such as username.',
      zh: 'ql 查询对没有全文索引的属性（如 username）使用了 contains。',
    },
    remedy: {
      en: 'Compare with =, or use contains on a property of your own. Do not retry in spite of the 500.',
      zh: '改用 =，或只对自定义属性使用 contains。虽然状态码为 500，但不要重试。',
    },
  },
  index_missing: {
    dialects: ['easemob'],
    params: ['property'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The ql query orders or compares by a property that has no index.',
      zh: 'ql 查询对没有索引的属性排序或比较大小。',
    },
    remedy: {
      en: 'Use =, or order by created or modified. Do not retry in spite of the 500.',
      zh: '改用 =，或按 created、modified 排序。虽然状态码为 500，但不要重试。',
    },
  },
  invalid_request: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The body has the wrong structure: a member of the wrong type, or one that must be there is not.',
      zh: '请求体结构不正确：成员类型不对，或缺少必需的成员。',
    },
    remedy: { en: 'Compare the body with the example of the interface.', zh: '对照接口示例检查请求体。' },
  },
  user_limit_reached: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    unreachable: {
      en: 'A self-hosted server has no paid edition that limits the number of users.',
      zh: '自建服务器没有限制用户数的付费版本。',
    },
    cause: {
      en: 'The app has as many users as its edition allows. Waiting does not help.',
      zh: '应用的用户数已达所购版本上限，等待无济于事。',
    },
    remedy: { en: 'Upgrade the edition or delete users.', zh: '升级版本或删除用户。' },
  },
} as const satisfies Record<string, Failure>
