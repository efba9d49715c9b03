export * from './alerting';
export * from './function-options';
export * from './log-ingestion';
export * from './metrics-api';
export * from './metrics-store';
export * from './serverless-monitoring';
