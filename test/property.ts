import fc from 'fast-check';

/**
 * fast-check with one seed for all properties, so that a run says the same twice. `FC_SEED` looks elsewhere: a failure prints
 * the seed and path that repeat it.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261123) });

export default fc;
