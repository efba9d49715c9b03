import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notificationTexts } from '../tools/notification-samples';

const folder = join(__dirname, '..', 'docs', 'notifications');
const texts = notificationTexts();

test.each(Object.keys(texts))('docs/notifications/%s says what the executor says: else run npx tsx tools/notification-texts.ts', (name) => {
  expect(readFileSync(join(folder, name), 'utf8')).toBe(texts[name]);
});

test('docs/notifications holds nothing else', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(texts).sort());
});

describe('what somebody wrote into a log to do harm', () => {
  const text = texts['hostile.txt'];

  test('is no link, pings nobody, is no mark-up and tells no secret', () => {
    const own = text.replace(/https:\/\/(github\.com\/cdk-serverless-monitoring|eu-west-1\.console\.aws\.amazon\.com)\S*/g, '');
    expect(own).not.toMatch(/https?:\/\//);
    expect(own).not.toMatch(/evil\.example/);
    expect(own).not.toMatch(/@|<|\]\(|hunter2|bob|\u202e/i);
  });

  test('cannot forge a line of its own', () => {
    expect(text.split('\n').filter((line) => line.startsWith('RESOLVED'))).toEqual([]);
  });
});

test('a subject fits into SNS, and a short text on a phone', () => {
  for (const [name, text] of Object.entries(texts).filter(([each]) => each.endsWith('.txt'))) {
    const [subject] = /^Subject: (.*)$/m.exec(text)!.slice(1);
    expect([name, /^[\x20-\x7e]{1,100}$/.test(subject)]).toEqual([name, true]);
    expect(text.split('--- as SMS ---\n')[1].trim().length).toBeLessThanOrEqual(140);
  }
});
