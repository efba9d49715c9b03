import { forPeople } from '../shared/redaction';

/** How texts for people are put together: for mails, phones and chats. */

const MOST_SUBJECT = 100;
export const MOST_SMS = 140;

/** Blocks of lines, an empty line between each; empty lines and blocks are left out. */
export function sections(blocks: string[][]): string {
  return `${blocks.map((lines) => lines.filter((line) => line !== '').join('\n')).filter((block) => block !== '').join('\n\n')}\n`;
}

export function clock(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 60_000) return `${Math.round(milliseconds / 1000)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A subject: SNS takes 100 characters of ASCII without line breaks. */
export function ascii(text: string): string {
  return cut(forPeople(text).normalize('NFKD').replace(/[\u0300-\u036f]/g, '').replace(/…/g, '...').replace(/[^\x20-\x7e]/g, '?'), MOST_SUBJECT, '...');
}

export function cut(text: string, longest: number, mark = '…'): string {
  return text.length <= longest ? text : text.slice(0, longest - mark.length) + mark;
}
