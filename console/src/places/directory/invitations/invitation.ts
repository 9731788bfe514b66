import type { TFunction } from 'i18next';

import type { Row } from '../../../api/query';
import { type Form, makeField, makeForm } from '../../../form/forms';

/** An invitation as the API answers one. */
export interface Invitation {
  pk: string;
  name: string;
  expires: string | null;
  fixed_data: Row;
  single_use: boolean;
  flow: string | null;
  flow_obj: { name: string; slug: string } | null;
  created_by: { pk: number; username: string; name: string } | null;
}

/** What of a source matters for whom it enrols. */
export interface Source {
  pk: string;
  name: string;
  slug: string;
  enabled: boolean;
  enrollment_flow: string | null;
}

/** What of a flow does. */
export interface Flow {
  pk: string;
  name: string;
  slug: string;
}

/** A way by which a guest comes in. */
export interface Door {
  name: string;
  url: string;
  /** Through an account elsewhere, or by filling in a form here. */
  by: 'source' | 'flow';
}

export const isOver = ({ expires }: Invitation, now = Date.now()) => expires !== null && Date.parse(expires) <= now;

/**
 * The links by which a guest may come. A flow that sources enrol with is entered through those sources only: opened by itself it has nobody to enrol. An invitation for no
 * flow in particular fits all that look at invitations.
 */
export function doorsOf(invitation: Invitation, sources: readonly Source[], flows: readonly Flow[], origin: string): Door[] {
  const enrolling = sources.filter(({ enabled, enrollment_flow }) => enabled && enrollment_flow !== null);
  const bySources = new Set(enrolling.map(({ enrollment_flow }) => enrollment_flow));
  const fits = (flow: string | null) => flow !== null && (invitation.flow === null ? flows.some(({ pk }) => pk === flow) : flow === invitation.flow);
  const token = `?itoken=${invitation.pk}`;
  return [
    ...enrolling.filter(({ enrollment_flow }) => fits(enrollment_flow))
      .map(({ name, slug }): Door => ({ name, url: `${origin}/source/oauth/login/${slug}/${token}`, by: 'source' })),
    ...(invitation.flow === null ? flows : flows.filter(({ pk }) => pk === invitation.flow).concat(known(invitation, flows))).filter(({ pk }) => !bySources.has(pk))
      .map(({ name, slug }): Door => ({ name, url: `${origin}/if/flow/${slug}/${token}`, by: 'flow' })),
  ];
}

/** The invitation's own flow, where it is none of those that look at invitations. */
const known = ({ flow, flow_obj }: Invitation, flows: readonly Flow[]): Flow[] =>
  flow !== null && flow_obj && !flows.some(({ pk }) => pk === flow) ? [{ pk: flow, ...flow_obj }] : [];

/** The form of an invitation. */
export function invitationForm(t: TFunction): Form {
  const text = (name: string) => ({ name, title: t(`invitations.field.${name}`), help: t(`invitations.help.${name}`) });
  return makeForm({
    path: 'stages/invitation/invitations', key: 'pk', ref: 'invitation', verbose_name: t('invitations.one'), verbose_name_plural: t('menu.invitations'),
    fields: [
      makeField({ ...text('name'), type: 'string', required: true, slug: true }),
      makeField({ ...text('flow'), type: 'string', ref: 'flow', nullable: true, default: null, widget: 'where:designation=enrollment' }),
      makeField({ ...text('expires'), type: 'time', nullable: true, default: null }),
      makeField({ ...text('single_use'), type: 'boolean' }),
      makeField({ ...text('fixed_data'), type: 'object' }),
    ],
  });
}

/** What a new invitation begins with: for one guest, for a week. */
export const usual = (now = Date.now()) => ({ single_use: true, expires: new Date(now + 7 * 86_400_000).toISOString() });
