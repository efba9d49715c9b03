import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notificationTexts } from './notification-samples';

/** Writes the texts of docs/notifications: what people get, as the executor words it. A test tells when they must be written again. */
const folder = join(__dirname, '..', 'docs', 'notifications');
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(notificationTexts())) writeFileSync(join(folder, name), text);
