import { isTime, maybe, position, type Position } from '../cursor';

/** The ids of incidents, as the executor makes them. */
export const INCIDENT_ID = /^[0-9a-f]{24}$/;

/**
 * Where a page of incidents ended: at an incident, or before a time where no incident was in the last days that were read. The
 * range stays the same on every page.
 */
export interface ListPosition { readonly opened: number; readonly id?: string; readonly from: number; readonly to: number }

const hasItsMembers = position<ListPosition>({ opened: isTime, id: maybe((id) => typeof id === 'string' && INCIDENT_ID.test(id)), from: isTime, to: isTime });

export const isListPosition: Position<ListPosition> = (value): value is ListPosition =>
  hasItsMembers(value) && value.from <= value.opened && value.opened < value.to;

/** The last entry of a page of a timeline: its key without what the table puts before it. */
export interface TimelinePosition { readonly entry: string }

export const isTimelinePosition = position<TimelinePosition>({
  entry: (entry) => typeof entry === 'string' && entry.length <= 100 && /^[0-9TZ:.-]+#[A-Z_]+#[0-9a-f]+$/.test(entry),
});
