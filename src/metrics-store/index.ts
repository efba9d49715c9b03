export * from './metrics-retention';
export * from './metrics-store';
