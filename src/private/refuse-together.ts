import { Construct } from 'constructs';

/** Refuses options that shape a resource the construct makes, beside a resource that was given: they would do nothing. */
export function refuseTogether(scope: Construct, given: string, shaping: { [option: string]: unknown }) {
  const set = Object.keys(shaping).filter((option) => shaping[option] !== undefined);
  if (set.length > 0) {
    throw new Error(`${scope.node.path}: ${set.join(', ')} cannot be set together with ${given}: they shape a ${given} that is made here. Set them on your own ${given}.`);
  }
}
