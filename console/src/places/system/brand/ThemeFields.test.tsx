import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';

import { makeField, makeForm } from '../../../form/forms';
import { SchemaForm } from '../../../form/SchemaForm';
import { answering, drawn } from '../../../form/testing';
import { ThemeFields } from './ThemeFields';

it('A brand’s colour and look are saved beside its other attributes, and what is no colour is not taken', async () => {
  const asked = answering(({ path, body }) => (path === 'schema/forms' ? { forms: [] } : { brand_uuid: '1', ...(body as object) }));
  const form = makeForm({ path: 'core/brands', key: 'brand_uuid', verbose_name: 'brand', fields: [
    makeField({ name: 'branding_title', title: 'Title', type: 'string', group: 'appearance' }), makeField({ name: 'attributes', title: 'Attributes', type: 'object', group: 'advanced' }),
  ] });
  await drawn(
    <SchemaForm
      form={form} object={{ data: { brand_uuid: '1', branding_title: 'T', attributes: { city: '杭州', settings: { locale: 'zh' } } } }}
      open={['appearance']} heads={{ appearance: (draft) => <ThemeFields draft={draft} /> }} onSaved={() => {}}
    />,
  );
  const colour = screen.getByLabelText('Colour');
  fireEvent.change(colour, { target: { value: '07C160' } });
  fireEvent.click(screen.getByText('Dark'));
  fireEvent.change(colour, { target: { value: 'green' } });
  expect(await screen.findByText('Six hexadecimal digits, such as #07c160.')).toBeTruthy();
  fireEvent.blur(colour);
  expect((colour as HTMLInputElement).value).toBe('#07c160');
  fireEvent.click(screen.getByText('Save'));
  await waitFor(() => expect(asked.find(({ method }) => method === 'PATCH')?.body).toEqual({
    attributes: { city: '杭州', settings: { locale: 'zh', theme: { primary_color: '#07c160', base: 'dark' } } },
  }));
});
