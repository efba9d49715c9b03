import { cut } from './lines';
import type { Attributes, Copies } from './send';

/** Chat programs cut a long message, and in the middle of a word. */
const MOST_TEXT = 3500;

/**
 * A message in the format for custom notifications of Amazon Q Developer in chat applications, which drops every other without a word.
 * The thread keeps what belongs to one incident together: report, second look and end.
 */
export function chatJson({ subject, email }: Copies, { event, severity, runbook }: Attributes, thread: string): string {
  // The mail's text is harmless already; its first line is the title's.
  const text = email.split('\n').slice(1).join('\n').trim().replace(/[`*~]/g, '\'');
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title: subject, description: cut(text, MOST_TEXT), keywords: [severity, ...(runbook ? [runbook] : [])] },
    metadata: { threadId: thread, summary: subject, eventType: event },
  });
}
