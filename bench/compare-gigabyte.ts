import { runGigabyte } from './run-gigabyte';

/** Prints what gigabyte.ts tells with `compare`: for the end-to-end tests, since jest cannot load the bundler. */
void runGigabyte('compare').then((told) => console.log(JSON.stringify(told)));
