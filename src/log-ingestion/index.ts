export * from './log-ingestion';
