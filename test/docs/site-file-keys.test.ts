import { describe, expect, it } from 'vitest';
import { siteJsonSchema } from '../../src/config/json-schema.js';
import { siteFileKeys } from './site-file-keys.js';

describe('the page of every key of the site file', () => {
  it('is what the schema says; `npx vitest run test/docs -u` writes it anew', async () => {
    await expect(siteFileKeys(siteJsonSchema())).toMatchFileSnapshot('../../docs/site-file-keys.md');
  });
});
