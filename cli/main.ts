#!/usr/bin/env node
import { run } from './run';

// What the SDK says about future versions of Node.js would stand between a reader and the answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** The command-line tool. The exit code is set and not forced, so that everything is written before the process ends. */
void run(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
}).then((code) => { process.exitCode = code; });
