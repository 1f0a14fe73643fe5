// What can go wrong between the first byte and a request the server can read. All of it answers in the
// dialect's JSON.
import { EVERY_DIALECT, type Failure } from '../failure.ts'

export const httpFailures = {
  path_unknown: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The path of the URL is no interface of this server.',
      zh: 'URL 路径不是本服务器提供的接口。',
    },
    remedy: {
      en: 'Compare the path with the interface list: spelling, letter case, version prefix.',
      zh: '对照接口列表检查路径：拼写、大小写、版本前缀。',
    },
  },
  method_not_allowed: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The path exists, but not for this request method.',
      zh: '该路径存在，但不支持此请求方法。',
    },
    remedy: {
      en: 'Use one of the methods in the Allow header of the answer.',
      zh: '改用响应头 Allow 中列出的方法。',
    },
  },
  method_unknown: {
    dialects: ['easemob', 'neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The request method is none that this server knows.',
      zh: '服务器无法识别此请求方法。',
    },
    remedy: {
      en: 'Send GET, POST, PUT or DELETE, in capital letters.',
      zh: '使用大写的 GET、POST、PUT 或 DELETE。',
    },
  },
  http_malformed: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The bytes on the connection are no well-formed HTTP/1.1 request; the framing cannot be trusted.',
      zh: '连接上的字节不是格式正确的 HTTP/1.1 请求，无法确定消息边界。',
    },
    remedy: {
      en: 'Check the client and any proxy between: content length, chunks, header syntax, TLS on a plain port.',
      zh: '检查 HTTP 客户端及中间代理：内容长度、分块、请求头语法，以及是否对明文端口使用了 TLS。',
    },
  },
  transfer_coding_unknown: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The body is sent in a transfer coding other than chunked.',
      zh: '请求体使用了 chunked 以外的传输编码。',
    },
    remedy: {
      en: 'Send the body with Content-Length or as plain chunked.',
      zh: '使用 Content-Length 或单一的 chunked 编码发送请求体。',
    },
  },
  host_invalid: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The Host header is missing, repeated, empty or no host name.',
      zh: '请求头 Host 缺失、重复、为空或不是合法主机名。',
    },
    remedy: { en: 'Send exactly one valid Host header.', zh: '发送且仅发送一个合法的 Host 请求头。' },
  },
  http_version_unsupported: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The request line names an HTTP version other than 1.0 or 1.1.',
      zh: '请求行中的 HTTP 版本不是 1.0 或 1.1。',
    },
    remedy: {
      en: 'Speak HTTP/1.1, or put a proxy in front that translates.',
      zh: '使用 HTTP/1.1，或在前面部署可转换协议的代理。',
    },
  },
  head_too_large: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The request line or the headers are too long, or there are too many headers.',
      zh: '请求行或请求头过长，或请求头数量过多。',
    },
    remedy: {
      en: 'Shorten the URL, drop cookies and headers that are not needed; move long lists into the body.',
      zh: '缩短 URL，去掉不需要的 Cookie 和请求头，把长列表放进请求体。',
    },
  },
  target_invalid: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The target cannot be read: broken percent-encoding, raw non-ASCII bytes, dot segments, a fragment.',
      zh: '请求目标无法解析：百分号编码错误、含原始非 ASCII 字节、点路径段或片段标识。',
    },
    remedy: {
      en: 'Percent-encode every path segment and query value as UTF-8.',
      zh: '将每个路径段和查询参数值按 UTF-8 做百分号编码。',
    },
  },
  query_invalid: {
    dialects: ['easemob', 'jpush'],
    params: ['name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A query parameter is repeated, has no readable value, or there are too many parameters.',
      zh: '查询参数重复、值不可读，或参数数量过多。',
    },
    remedy: {
      en: 'Send the named parameter once, with a plain value.',
      zh: '该参数只发送一次，并使用普通的值。',
    },
  },
  header_repeated: {
    dialects: EVERY_DIALECT,
    params: ['name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A header that may occur once, such as Authorization or Content-Type, occurs twice.',
      zh: '只能出现一次的请求头（如 Authorization、Content-Type）出现了多次。',
    },
    remedy: {
      en: 'Send the header once; look for a proxy that adds its own.',
      zh: '只发送一次该请求头；检查代理是否又添加了一个。',
    },
  },
  expectation_unknown: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The Expect header asks for something other than 100-continue.',
      zh: '请求头 Expect 的值不是 100-continue。',
    },
    remedy: { en: 'Leave the Expect header out.', zh: '去掉 Expect 请求头。' },
  },
  request_timeout: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'The request did not arrive completely in the time allowed. It was not carried out.',
      zh: '请求未在规定时间内完整到达服务器，因此没有被执行。',
    },
    remedy: {
      en: 'Repeat it on a new connection; check that Content-Length is not more than what is sent.',
      zh: '在新连接上重试；检查网络，并确认 Content-Length 不大于实际发送的字节数。',
    },
  },
  body_too_large: {
    dialects: EVERY_DIALECT,
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'The request body has more bytes than this interface takes (5 KB in the Easemob dialect).',
      zh: '请求体字节数超过该接口的上限（环信方言为 5 KB）。',
    },
    remedy: {
      en: 'Split the work into several smaller requests, for instance fewer receivers in each.',
      zh: '拆分成多个更小的请求，例如减少每次的接收方数量。',
    },
  },
  media_type_unsupported: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The body is not what this interface reads (JSON, or a form with a file), or it is compressed.',
      zh: '请求体不是该接口所读取的类型（JSON，或带文件的表单），或经过压缩。',
    },
    remedy: {
      en: 'Send a JSON body in UTF-8, uncompressed, as application/json; a file to upload as multipart/form-data.',
      zh: '以 UTF-8、未压缩的 JSON 发送请求体，类型为 application/json；上传文件用 multipart/form-data。',
    },
  },
  json_malformed: {
    dialects: EVERY_DIALECT,
    params: ['fault', 'source', 'line', 'column'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The body is not well-formed JSON. The text says what was found and where.',
      zh: '请求体不是格式正确的 JSON。错误文本给出了出错内容和位置。',
    },
    remedy: {
      en: 'Build the body with a JSON library, not by joining strings; check that it is UTF-8 and complete.',
      zh: '使用 JSON 库生成请求体，不要手工拼接字符串；确认编码为 UTF-8 且内容完整。',
    },
  },
  json_value_invalid: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The JSON is well-formed, but a value in it cannot be kept: a number out of range, U+0000 in a name.',
      zh: 'JSON 格式正确，但包含无法保存的值：数字超出范围、名称中含 U+0000 等。',
    },
    remedy: {
      en: 'Send ids as strings and keep numbers within 64 bits.',
      zh: '以字符串形式发送 ID，数字保持在 64 位以内。',
    },
  },
  body_not_object: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The body is JSON, but neither an object nor, where one is documented, a list.',
      zh: '请求体是 JSON，但类型不对：应为对象（或文档注明的数组）。',
    },
    remedy: { en: 'Send a JSON object: {…}.', zh: '发送 JSON 对象：{…}。' },
  },
  idempotency_key_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The Idempotency-Key header is empty, longer than 255 characters or not printable ASCII.',
      zh: '请求头 Idempotency-Key 为空、超过 255 个字符或含不可打印字符。',
    },
    remedy: { en: 'Use a random UUID as the key.', zh: '使用随机 UUID 作为键。' },
  },
  idempotency_key_reused: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The Idempotency-Key was used within the last day for a request with another content.',
      zh: '该 Idempotency-Key 在一天内已用于内容不同的请求。',
    },
    remedy: {
      en: 'Take a new key for every new piece of work and keep it only for repeats of that work.',
      zh: '每项新工作使用新的键，只在重试同一工作时复用。',
    },
  },
  idempotency_key_in_flight: {
    dialects: ['easemob'],
    params: [],
    executed: 'maybe',
    advice: 'after',
    unreachable: {
      en: 'Commands under one key run one after the other; the second waits and gets the first one’s answer.',
      zh: '同一键下的命令依次执行；后一个会等待并得到前一个的结果。',
    },
    cause: {
      en: 'A request under the same Idempotency-Key is still being carried out.',
      zh: '使用同一 Idempotency-Key 的请求仍在执行中。',
    },
    remedy: { en: 'Wait a second and repeat under the same key.', zh: '等待一秒后用同一个键重试。' },
  },
  retired: {
    dialects: ['jpush'],
    params: ['notice'],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The interface was taken out of service; the text says what replaces it.',
      zh: '该接口已下线，错误文本说明了替代方案。',
    },
    remedy: {
      en: 'Move to the interface the notice names. /v2 was replaced by /v3.',
      zh: '迁移到公告中指出的接口。/v2 已由 /v3 取代。',
    },
  },
  https_required: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The server is set to take this interface over HTTPS only, and the request came in plain HTTP.',
      zh: '服务器要求此接口只能通过 HTTPS 访问，而请求使用了 HTTP。',
    },
    remedy: { en: 'Use an https:// base URL.', zh: '使用 https:// 开头的地址。' },
  },
} as const satisfies Record<string, Failure>
