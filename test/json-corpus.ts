// JSON texts that must be refused, and values that must not: our own collection after RFC 8259 and the mistakes that
// clients make. Bytes that are no UTF-8 are written as Buffers.

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const inString = (hex: string) => Buffer.concat([Buffer.from('{"a":"'), bytes(hex), Buffer.from('"}')])
const gbk = inString('d6d0cec4')

/** Whole texts, none of them JSON. */
export const notJson: readonly (string | Buffer)[] = [
  // Structure.
  ...['{', '[', '{]', '[}', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{,}', '{"a":1,,"b":2}'],
  ...[
    '{"a" "b"}',
    '{"a"="b"}',
    '{"a"::1}',
    '{:1}',
    '{1:1}',
    '{a:1}',
    "{'a':1}",
    '{"a":\'b\'}',
    '{"a":1 "b":2}',
  ],
  ...[
    '{"a":1;"b":2}',
    '{"a":1}}',
    '{}x',
    '{}{}',
    '{}\n{}',
    '{"a":[}',
    '{"a":{]}',
    '{null:1}',
    '{"a",1}',
    '{"a"}',
  ],
  ...[
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[1 2]',
    '[1',
    '["a"',
    '["a",',
    '[1]]',
    '[1:2]',
    '["a":1]',
    '[1;2]',
    '[[]',
    '[,]',
  ],
  ...[
    '{//c\n}',
    '{/*c*/}',
    '{}//c',
    '{}/*c*/',
    '{}#c',
    '{"a":1}\0',
    '{"a":1}\f',
    '{\v}',
    '[1]\u00a0',
    '{}\ufeff',
  ],
  // Literals.
  ...['{"a":nul}', '{"a":tru}', '{"a":falsy}', '{"a":True}', '{"a":NULL}', '{"a":nulll}', '{"a":undefined}'],
  ...['{"a":NaN}', '{"a":Infinity}', '{"a":-Infinity}', '{"a":-NaN}', '{"a":nan}', '{"a":yes}', '{"a":}'],
  // Numbers.
  ...[
    '01',
    '-01',
    '00',
    '+1',
    '.5',
    '-.5',
    '1.',
    '1.e5',
    '-',
    '--1',
    '1-',
    '1e',
    '1e+',
    '1E-',
    '1e1.5',
    '0x1',
  ].map(inObject),
  ...[
    '0b1',
    '0o7',
    '1_000',
    '12n',
    '1f',
    '1e5.0',
    '- 1',
    '1 000',
    '0.1.2',
    '\u0661',
    '\uff11',
    '1e\u0031a',
  ].map(inObject),
  // Strings.
  ...[
    '{"a":"b}',
    '{"a":b"}',
    '{"a":"b\\',
    '{"a":"\\',
    '{"a":"\\"}',
    '{"a":"b"c"}',
    '{"a":"b" "c"}',
    '{a":1}',
  ],
  ...['\\x41', '\\u12', '\\u12G4', '\\u', '\\U0041', '\\a', '\\0', "\\'", '\\\n', '\\ud800', '\\udc00'].map(
    quoted,
  ),
  ...['\\ud800\\u0041', '\\ud800x', '\\ud800\\ud800', '\\udc00\\ud800', '\\ud83d\\u'].map(quoted),
  ...['\0', '\x01', '\b', '\t', '\n', '\f', '\r', '\x1f'].map(quoted),
  '{\u201ca\u201d:1}',
  '{`a`:1}',
  `{"a":"${'x'.repeat(4_096)}`,
  // Bytes.
  ...[
    'ff',
    'fe',
    '80',
    'c0af',
    'c080',
    'e228a1',
    'e08080',
    'eda080',
    'edb080',
    'f4908080',
    'f8888080',
    'e4b8',
  ].map(inString),
  Buffer.concat([Buffer.from('{"a":"'), bytes('e4b8')]),
  Buffer.from('{"a":1}', 'utf16le'),
  Buffer.from('{"a":1}', 'utf16le').swap16(),
  Buffer.concat([bytes('fffe'), Buffer.from('{"a":1}', 'utf16le')]),
  Buffer.concat([bytes('feff'), Buffer.from('{"a":1}', 'utf16le').swap16()]),
  Buffer.concat([bytes('efbbbfefbbbf'), Buffer.from('{}')]),
  gbk,
  // Depth.
  `{"a":${'['.repeat(64)}${']'.repeat(64)}}`,
  `${'['.repeat(65)}${']'.repeat(65)}`,
  '['.repeat(2_000),
  `${'{"a":'.repeat(800)}1${'}'.repeat(800)}`,
]

/** Values that any place which takes any JSON has to take. */
export const json: readonly string[] = [
  ...[
    '0',
    '-0',
    '-0.0',
    '1',
    '-1',
    '1.5',
    '1e5',
    '1E+5',
    '1e-5',
    '0e1',
    '0.1e1',
    '-1.5E-3',
    '1e308',
    '5e-324',
  ],
  ...[
    '9007199254740991',
    '9007199254740993',
    '-9007199254740993',
    '18446744073709551615',
    '1029457500870543736',
  ],
  ...['true', 'false', 'null', '[]', '{}', '[[]]', '[{}]', '{"":1}', '{"a":{"b":[1,{"c":null}]}}'],
  ...[
    '""',
    '"a"',
    '" "',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"\\u0041"',
    '"\\u00e9"',
    '"\\ud83d\\ude00"',
    '"\\uffff"',
  ],
  ...[
    '"中文"',
    '"😀"',
    '"\u2028\u2029"',
    '"\x7f"',
    '"\u{10ffff}"',
    '"\ufeff"',
    '"//c /*c*/"',
    '"1e400"',
    '"NaN"',
  ],
  ...['"{}[],:"', '{"__proto__":1}', '{"constructor":{"prototype":1}}', '{"toString":1}', '{"a":1,"a":2}'],
  ...['[ 1 ,\t2\r\n, 3 ]', '{\n"a"\n:\n1\n}', `"${'x'.repeat(2_000)}"`, `[${'0,'.repeat(500)}0]`],
  `${'['.repeat(50)}${']'.repeat(50)}`,
]

function inObject(value: string): string {
  return `{"a":${value}}`
}

function quoted(text: string): string {
  return `{"a":"${text}"}`
}
