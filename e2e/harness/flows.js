// Flows as an administrator makes them, by the API.

/**
 * Makes a flow of stages in their order.
 *
 * @param {(method: string, path: string, body?: object) => Promise<any>} call api of control.js
 * @param {object} flow slug, title, designation and what else the API takes
 * @param {string[]} stages their ids
 * @returns {Promise<string>} the flow's id
 */
export async function makeFlow(call, flow, stages) {
  const { pk } = await call('POST', 'flows/instances/', { name: flow.title, ...flow });
  for (const [i, stage] of stages.entries()) await bind(call, pk, stage, 10 * (i + 1));
  return pk;
}

/** Puts a stage into a flow. */
export const bind = (call, target, stage, order) => call('POST', 'flows/bindings/', { target, stage, order });

/** Makes a stage and gives its id: `makeStage(call, 'user_write', {...})`. */
export const makeStage = async (call, kind, settings) => (await call('POST', `stages/${kind}/`, settings)).pk;

/** The id of a stage that is there already. */
export async function stageNamed(call, name) {
  const { results } = await call('GET', `stages/all/?name=${encodeURIComponent(name)}`);
  if (results.length !== 1) throw new Error(`${results.length} stages are named ${name}`);
  return results[0].pk;
}

/** The id of a flow by its slug. */
export const flowNamed = async (call, slug) => (await call('GET', `flows/instances/${slug}/`)).pk;

/** Makes a stage that asks for the given fields. */
export async function makePrompt(call, name, fields) {
  const pks = [];
  for (const [i, field] of fields.entries()) {
    pks.push((await call('POST', 'stages/prompt/prompts/', { name: `${name}-${field.field_key}`, type: 'text', required: true, order: i, ...field })).pk);
  }
  return makeStage(call, 'prompt/stages', { name, fields: pks });
}

/** Changes the brand of the demo. */
export async function changeBrand(call, change) {
  const { results: [brand] } = await call('GET', 'core/brands/');
  return call('PATCH', `core/brands/${brand.brand_uuid}/`, change);
}
